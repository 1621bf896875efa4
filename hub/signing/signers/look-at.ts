import { X509Certificate } from 'node:crypto';
import type { Database } from '#hub/platform/database.ts';
import { tokenKey } from '#hub/signing/agent/token-key.ts';
import type { FileFormat } from '#hub/signing/request-store.ts';
import type { SigningRoute } from '#hub/signing/route-store.ts';
import type { HeldKeys } from '#hub/signing/signers/held-keys.ts';
import type { Holder } from '#hub/signing/signers/signer.ts';
import { hasService } from '#hub/signing/signers/signer-of.ts';
import { isOfBroken, isUsable } from '#hub/signing/signers/usable-key.ts';
import type { ChosenKey } from '#hub/signing/step-store.ts';
import type { TicketRow } from '#hub/signing/tickets/ticket-store.ts';
import type { Credential } from '#schemas/signer.ts';
import type { TroubleKind } from '#schemas/signing-trouble.ts';

/** What a service is worth to a holder now. */
export type KeyOrTrouble =
  | { key: ChosenKey }
  | {
      trouble: TroubleKind;
      error?: unknown;
      /** Keys that have a certificate there, such as it is. */
      listed?: string[];
    };

/** Why certificates cannot sign; undefined: they are for something else, or nothing was ever made in the hub's own service. Pure. */
const troubleOf = ({ kind }: SigningRoute, credentials: Credential[]): TroubleKind | undefined => {
  // An account was entered for a certificate that others gave; what they list no more, they took back.
  if (kind === 'connector' && credentials.length === 0) return 'certificate-withdrawn';
  const isOver = ({ status, certificate }: Credential): boolean =>
    status === 'expired' || new X509Certificate(Buffer.from(certificate, 'base64')).validToDate < new Date();
  if (credentials.some(({ status }) => status === 'suspended' || status === 'revoked'))
    return 'certificate-withdrawn';
  return credentials.some(isOver) ? 'certificate-expired' : undefined;
};

/**
 * Looks at what a holder has at a service. Undefined: nothing to sign with, and there never was. A service that is known to be
 * away is not asked. `fresh`: by what it says now, for a decision.
 */
export const lookAt = async (
  { db, keys }: { db: Database; keys: HeldKeys },
  {
    route,
    holder,
    format,
    ticket,
    fresh = false,
  }: {
    route: SigningRoute;
    holder: Holder;
    format?: FileFormat | undefined;
    ticket?: Pick<TicketRow, 'kind' | 'known'> | undefined;
    fresh?: boolean | undefined;
  },
): Promise<KeyOrTrouble | undefined> => {
  if (ticket?.kind === 'service-unavailable') return { trouble: ticket.kind };
  if (!hasService(route)) {
    const key = await tokenKey(db, route, { ...holder, format });
    // Of a token nothing is seen: whoever reported it broken says so themselves when it is replaced.
    if (key === undefined || ticket === undefined) return key && { key };
    return { trouble: ticket.kind };
  }
  let held: Awaited<ReturnType<HeldKeys['of']>>;
  if (fresh) keys.forget(route, holder);
  try {
    held = await keys.of(route, holder);
  } catch (error) {
    return { trouble: ticket?.kind ?? 'service-unavailable', error };
  }
  if (held === undefined) return undefined;
  const { userId, credentials } = held;
  const credential = credentials.find(
    one => isUsable(one) && (ticket === undefined || !isOfBroken(one, ticket)),
  );
  if (credential !== undefined) return { key: { route: route.id, userId, credential } };
  const trouble = ticket?.kind ?? troubleOf(route, credentials);
  return trouble && { trouble, listed: credentials.map(({ id }) => id) };
};
