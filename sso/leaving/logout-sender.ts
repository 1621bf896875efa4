import { type BridgeKind, bridges } from '#sso/bridge/own-clients.ts';

/** An end that an app is to be told of. */
export interface LogoutNotice {
  staffId: string;
  clientId: string;
  appId: string | null;
  /** The session as the client knows it; null: all sessions of the person. */
  sid: string | null;
  /** When all sessions are meant: those that are known, as the client knows them. */
  sids: string[];
  /** What was noted when the app was opened (`noteAppOpened`), of every session that is meant. */
  detail: Record<string, unknown>[];
}

/** `told`: the app has taken it; `not-wanted`: it has no way to be told. `failure` is a code for the IT centre. */
export type LogoutOutcome = 'told' | 'not-wanted' | { failure: string };

/** Tells an app by its protocol, at an address of its registration alone. Takes no longer than twice `logoutTimeoutMs`. */
export type LogoutSender = (notice: LogoutNotice) => Promise<LogoutOutcome>;

/** The protocol by which a client is told. */
type ClientKind = 'oidc' | BridgeKind;
export type LogoutSenders = Partial<Record<ClientKind, LogoutSender>>;

/** By the client's name: `cas:office` is an app behind a bridge, others speak OpenID. */
export const kindOf = (clientId: string): ClientKind => {
  const [kind] = clientId.split(':');
  return clientId.includes(':') && kind! in bridges ? (kind as BridgeKind) : 'oidc';
};

/** An app that does not answer within this time has not been told. */
export const logoutTimeoutMs = 5000;
