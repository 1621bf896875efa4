import { Type } from 'typebox';
import { command } from '#schemas/command.ts';

/** A public key (RFC 7517). */
export interface PublicKey {
  kty: string;
  kid: string;
  [property: string]: unknown;
}

/** The sign-on's keys. */
export const ssoCommands = {
  /** Public keys that access tokens may be signed with now: the one in use and those retired lately. */
  'sso.keys': command<{ keys: PublicKey[] }>()(Type.Object({})),
  /** Signs with a new key from now on. Tokens of the old one stay valid until they expire. */
  'sso.rotate-key': command<{ kid: string }>()(Type.Object({ actor: Type.String() })),
};
