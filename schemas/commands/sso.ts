import { Type } from 'typebox';
import { command } from '#schemas/command.ts';
import { type StaffRole, staffRoles } from '#schemas/sign-on.ts';

/** A public key (RFC 7517). */
export interface PublicKey {
  kty: string;
  kid: string;
  [property: string]: unknown;
}

/** Who sits at a browser. */
export interface BrowserPerson {
  staffId: string;
  name: string;
  roles: StaffRole[];
  /** Of this browser; what forms are bound to. */
  sessionId: string;
  /** When a second factor was last proven in this session, ISO 8601; absent: never. */
  factorAt?: string;
}

/** The sign-on's keys. */
export const ssoCommands = {
  /** Public keys that access tokens may be signed with now: the one in use and those retired lately. */
  'sso.keys': command<{ keys: PublicKey[] }>()(Type.Object({})),
  /** Internal: gives a person a password, and ends all their sessions. What people choose themselves goes through the pages and their rules. */
  'sso.set-password': command<void>()(
    Type.Object({
      staffId: Type.String({ format: 'uuid' }),
      password: Type.String({ minLength: 1, maxLength: 200 }),
      mustChange: Type.Optional(Type.Boolean()),
      actor: Type.String(),
    }),
  ),
  /** The roles of a person. */
  'sso.roles': command<StaffRole[]>()(Type.Object({ staffId: Type.String({ format: 'uuid' }) })),
  /** Internal: gives a person an authenticator (RFC 6238); its secret, base32, is answered this once. */
  'sso.give-totp': command<{ secret: string }>()(
    Type.Object({
      staffId: Type.String({ format: 'uuid' }),
      name: Type.String({ maxLength: 60 }),
      actor: Type.String(),
    }),
  ),
  /** Whether this is a code of the person's authenticator now. Wrong ones count against that factor. */
  'sso.check-code': command<{ ok: boolean }>()(
    Type.Object({ staffId: Type.String({ format: 'uuid' }), code: Type.String({ maxLength: 64 }) }),
  ),
  /** Makes these the roles of a person. */
  'sso.set-roles': command<void>()(
    Type.Object({
      staffId: Type.String({ format: 'uuid' }),
      roles: Type.Array(Type.Unsafe<StaffRole>({ type: 'string', enum: [...staffRoles] })),
      actor: Type.String(),
    }),
  ),
  /**
   * Internal: who is signed in with a browser, by the header `Cookie` of its request; undefined: nobody, or somebody who
   * has left meanwhile.
   */
  'sso.browser-session': command<BrowserPerson | undefined>()(
    Type.Object({
      cookie: Type.String(),
      /** Where the request came from: from the Internet a session without what is asked there is nobody's. */
      from: Type.Object({ internetDoor: Type.Boolean(), peer: Type.String(), address: Type.String() }),
    }),
  ),
  /**
   * Takes all second factors and recovery codes from a person who has lost them, and ends their sessions: they set up
   * new ones at their next sign-in on the province's network.
   */
  'sso.remove-factors': command<void>()(
    Type.Object({ staffId: Type.String({ format: 'uuid' }), actor: Type.String() }),
  ),
  /** Internal: an access token for a minute for a program of the hub itself that uses the hub's own API. */
  'sso.own-token': command<{ token: string }>()(
    Type.Object({ client: Type.Unsafe<'flows'>({ type: 'string', enum: ['flows'] }) }),
  ),
  /** Signs with a new key from now on. Tokens of the old one stay valid until they expire. */
  'sso.rotate-key': command<{ kid: string }>()(Type.Object({ actor: Type.String() })),
};
