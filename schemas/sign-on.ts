import { type Static, Type } from 'typebox';

const Url = Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 });

/** How people open an app through the sign-on, whatever protocol it speaks. Addresses are compared exactly. */
export const AppSignOn = Type.Object(
  {
    /** Where "my apps" sends people: the app's own page that begins a sign-in. */
    launchUrl: Type.Optional(Url),
    /** May be opened from the Internet (by people who may, with a second factor). */
    internet: Type.Optional(Type.Boolean()),
    /** Asks for a second factor, wherever people are. */
    secondFactor: Type.Optional(Type.Boolean()),
    /** CAS 3.0: the `service` addresses, exact or ending in `*`; where single logout is posted is the service itself. */
    cas: Type.Optional(Type.Object({ services: Type.Array(Url, { minItems: 1 }) })),
    /** Behind a proxy that asks `/forward-auth`: the origins at which people see the app. */
    forwardAuth: Type.Optional(Type.Object({ origins: Type.Array(Url, { minItems: 1 }) })),
    /** Zimbra pre-authentication: its `/service/preauth`; the key is the setting `preauthKey` of the app. */
    preauth: Type.Optional(Type.Object({ url: Url })),
  },
  { additionalProperties: false },
);
export type AppSignOn = Static<typeof AppSignOn>;

/** An OpenID client of an app: what RFC 7591 calls its metadata, as far as it is not the same for all. */
export const ClientSignOn = Type.Object(
  {
    redirectUris: Type.Array(Url, { maxItems: 20 }),
    postLogoutRedirectUris: Type.Optional(Type.Array(Url, { maxItems: 20 })),
    /** Told when a session ends (OpenID Connect Back-Channel Logout 1.0). */
    backchannelLogoutUri: Type.Optional(Url),
    /** False: an old client that knows no PKCE (RFC 7636). */
    pkce: Type.Optional(Type.Boolean()),
    /** Keeps no secret: a program on people's devices, or a page. */
    public: Type.Optional(Type.Boolean()),
    /** Somebody else's: people are asked before it learns who they are. */
    thirdParty: Type.Optional(Type.Boolean()),
    /**
     * Gets refresh tokens, good as long as the session of the person; a third party's client when it asks for
     * `offline_access` with `prompt=consent`.
     */
    refresh: Type.Optional(Type.Boolean()),
    /** Signs people in on another device (RFC 8628). */
    device: Type.Optional(Type.Boolean()),
    /** How its ID tokens are signed: RS256, which every client knows, when absent. */
    idTokenAlgorithm: Type.Optional(
      Type.Unsafe<'RS256' | 'ES256'>({ type: 'string', enum: ['RS256', 'ES256'] }),
    ),
  },
  { additionalProperties: false },
);
export type ClientSignOn = Static<typeof ClientSignOn>;

/**
 * What a person may do beyond signing in: administer the hub (and draw flows); come from the Internet; hand out first passwords;
 * draw flows; look at flows.
 */
export const staffRoles = ['it-centre', 'internet', 'clerk', 'flows-editor', 'flows-viewer'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** What roles let a person do in the editor of flows; undefined: not open it. */
export const flowRightOf = (roles: readonly StaffRole[]): 'write' | 'read' | undefined => {
  if (roles.includes('it-centre') || roles.includes('flows-editor')) return 'write';
  return roles.includes('flows-viewer') ? 'read' : undefined;
};

/** Where a request comes from: the province's own network, or anywhere else. */
export type Zone = 'wan' | 'internet';

/** A client as the sign-on needs it. Secrets are SHA-256, two at most. */
export interface SignOnClient {
  clientId: string;
  scopes: string[];
  secretHashes: string[];
  signOn: ClientSignOn | null;
  app: { id: string; name: string; enabled: boolean; attributes: string[]; signOn: AppSignOn | null } | null;
}
