import { type Static, Type } from 'typebox';

const Url = Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 });
const Text = Type.String({ minLength: 1, maxLength: 500 });
/** Reads as "…"; sent back so it stays as it is. */
const Secret = Type.String({ minLength: 1, maxLength: 500, format: 'password' });
const strict = { additionalProperties: false };

/** By what an account of an older system is matched with a person, once. Mail addresses never are. */
export const upstreamKeys = ['code', 'citizenNumber', 'username'] as const;
export type UpstreamKey = (typeof upstreamKeys)[number];

/** An OpenID provider that people signed in with before (OpenID Connect Core 1.0, Discovery 1.0). */
export const OpenIdUpstream = Type.Object(
  {
    /** Exactly as in its discovery document. https, but for a program on the same machine. */
    issuer: Url,
    clientId: Text,
    clientSecret: Secret,
    /** Separated by blanks; `openid profile` when absent. */
    scope: Type.Optional(Text),
    /** The claim of the ID token or of userinfo that holds the key. */
    keyClaim: Text,
    /** Its password grant (RFC 6749 §4.3), only to take over passwords; absent: not used. */
    passwordGrant: Type.Optional(
      Type.Object({ tokenEndpoint: Url, clientId: Text, clientSecret: Secret }, strict),
    ),
  },
  strict,
);
export type OpenIdUpstream = Static<typeof OpenIdUpstream>;

const Attribute = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9;-]{0,63}$' });

/** A directory (RFC 4511) that knows people's passwords. */
export const LdapUpstream = Type.Object(
  {
    /** `ldaps://` or, with `startTls`, `ldap://`; without either only on the same machine. */
    url: Type.String({ pattern: '^ldaps?://[^/]+$', maxLength: 300 }),
    /** Begins TLS on the plain port (RFC 4511 §4.14). */
    startTls: Type.Optional(Type.Boolean()),
    /** Certificates (PEM) that are trusted instead of the public ones. */
    ca: Type.Optional(Type.String({ maxLength: 50_000 })),
    /** The service account that may search. */
    bindDn: Text,
    bindPassword: Secret,
    baseDn: Text,
    /** Which entries are people's; `(objectClass=person)` when absent. */
    filter: Type.Optional(Text),
    /** What people type: `uid`, `sAMAccountName`. */
    usernameAttribute: Attribute,
    /** What never changes: `entryUUID` when absent, `objectGUID` in Active Directory. */
    idAttribute: Type.Optional(Attribute),
    /** Holds the key. */
    keyAttribute: Attribute,
    /** True: its word on a password comes before ours while it answers; otherwise it is asked only about people without one here. */
    always: Type.Optional(Type.Boolean()),
  },
  strict,
);
export type LdapUpstream = Static<typeof LdapUpstream>;

const shared = {
  /** As people read it on the sign-in page: "hệ thống cũ". */
  name: Type.String({ minLength: 1, maxLength: 100 }),
  enabled: Type.Boolean(),
  key: Type.Unsafe<UpstreamKey>({ type: 'string', enum: [...upstreamKeys] }),
  /** A password that it accepts is kept here too, hashed, so that it can be switched off one day. */
  migratePasswords: Type.Boolean(),
  /** Exactly one of the two, and always the same. */
  openid: Type.Optional(OpenIdUpstream),
  ldap: Type.Optional(LdapUpstream),
};

/** An older system as it is configured, without its secrets. */
export const UpstreamSource = Type.Object({
  id: Type.String(),
  kind: Type.String({ enum: ['openid', 'ldap'] }),
  ...shared,
  /** People linked, and how many of them have a password here: when both are equal nobody needs it any more. */
  people: Type.Object({ linked: Type.Integer(), withPassword: Type.Integer() }),
});
export type UpstreamSource = Static<typeof UpstreamSource>;

/** A change of a source: what is absent keeps its value. */
export const UpstreamSourcePut = Type.Partial(Type.Object(shared), strict);
export type UpstreamSourcePut = Static<typeof UpstreamSourcePut>;

/** Whether a source works as configured; `problem` is the step that failed, `detail` what was answered there. */
export const UpstreamCheck = Type.Object({
  ok: Type.Boolean(),
  problem: Type.Optional(Type.String({ enum: ['connect', 'bind', 'search', 'discovery'] })),
  detail: Type.Optional(Type.String()),
});
export type UpstreamCheck = Static<typeof UpstreamCheck>;

/**
 * Why an account is nobody's: it has no key; nobody or several people have it; the person has left or is suspended;
 * another account of the source is theirs already; several accounts have the same key.
 */
export const unlinkedReasons = [
  'no-key',
  'no-staff',
  'several-staff',
  'left',
  'suspended',
  'linked-to-another',
  'duplicate-upstream',
] as const;
export type UnlinkedReason = (typeof unlinkedReasons)[number];

/** An account of an older system that belongs to nobody here. */
export const UnlinkedAccount = Type.Object({
  sourceId: Type.String(),
  subject: Type.String(),
  username: Type.String(),
  reason: Type.String({ enum: [...unlinkedReasons] }),
  /** The key as the account has it; never a citizen number. */
  keyValue: Type.Optional(Type.String()),
  /** Whom it would have been. */
  staffId: Type.Optional(Type.String()),
  foundBy: Type.String({ enum: ['sign-in', 'compare'] }),
  seenAt: Type.String({ format: 'date-time' }),
});
export type UnlinkedAccount = Static<typeof UnlinkedAccount>;

/** What a comparison found: all accounts, those linked, those that the next sign-in links, and the rest by reason. */
export const UpstreamComparison = Type.Object({
  accounts: Type.Integer(),
  linked: Type.Integer(),
  linkable: Type.Integer(),
  unlinked: Type.Partial(
    Type.Object(
      Object.fromEntries(unlinkedReasons.map(reason => [reason, Type.Integer()])) as Record<
        UnlinkedReason,
        ReturnType<typeof Type.Integer>
      >,
    ),
  ),
});
export type UpstreamComparison = Static<typeof UpstreamComparison>;
