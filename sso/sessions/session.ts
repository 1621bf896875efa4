import type { Zone } from '#schemas/sign-on.ts';

/** Why a session ended. */
export type EndReason = 'signed-out' | 'revoked' | 'left' | 'suspended' | 'expired';

/** A sign-in of a person, as kept. */
export interface SessionRow {
  uid: string;
  staffId: string;
  startedAt: Date;
  seenAt: Date;
  zone: Zone;
  address: string;
  agent: string;
  amr: string[];
  endedAt: Date | null;
  endReason: EndReason | null;
  apps: { clientId: string; appId: string | null; openedAt: string }[];
}

/** An app that a session opens. */
export interface OpenedApp {
  clientId: string;
  appId: string | undefined;
  /** The session as this client knows it; undefined: it knows none, or keeps the one it has. */
  sid: string | undefined;
  /** What the app's protocol needs to name this session to it later; added to what was noted before. */
  detail?: Record<string, unknown> | undefined;
}

/** So long what is known of a session is kept after it began, whether it has ended or not. */
export const keptDays = 90;
