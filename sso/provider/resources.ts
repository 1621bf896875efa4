import type { Client } from 'oidc-provider';
import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { scopes as apiScopes } from '#schemas/app.ts';
import type { StaffRole } from '#schemas/sign-on.ts';
import { registerOf } from '#sso/provider/find-account.ts';

/** How long an access token is valid, in seconds. A JWT cannot be called back, so it is short. */
export const tokenSeconds = 300;

/**
 * An app as a resource: tokens for it are opaque, and only its own clients get them (a token for mail opens the mailbox of
 * whoever signed in) and may ask what they are worth.
 */
export const appResource = (appId: string): string => `urn:lienthong:app:${appId}`;

const prefix = appResource('');

/** What a person's token may do at the hub's API: everything for the IT centre, signing for everybody. */
const scopesOfPerson = (roles: StaffRole[]): readonly string[] =>
  roles.includes('it-centre') ? apiScopes : ['signing.request', 'signing.sign', 'signing.verify'];

/**
 * What tokens can be asked for (RFC 8707): the hub's API (JWT, RFC 9068), and apps (opaque).
 */
export const createResources = (given: {
  origin: string;
  isApp(appId: string): Promise<boolean>;
  rolesOf(staffId: string): Promise<StaffRole[]>;
}) => {
  const hubScopes = async (ctx: KoaContextWithOIDC, client: Client): Promise<string> => {
    const held = registerOf(client)?.scopes ?? [];
    const staffId = ctx.oidc.session?.accountId ?? ctx.oidc.entities.Account?.accountId;
    if (ctx.oidc.params?.grant_type === 'client_credentials' || staffId === undefined) return held.join(' ');
    const personal = scopesOfPerson(await given.rolesOf(staffId));
    return held.filter(scope => personal.includes(scope)).join(' ');
  };

  return {
    /** A program that names no resource means the hub's API, and without a scope all that it holds. */
    defaultResource(ctx: KoaContextWithOIDC, client: Client, oneOf?: string[]): string | string[] {
      if (oneOf) return oneOf;
      const { params } = ctx.oidc;
      if (params?.grant_type !== 'client_credentials') return [];
      params.scope ??= (registerOf(client)?.scopes ?? []).join(' ');
      return given.origin;
    },
    async getResourceServerInfo(
      ctx: KoaContextWithOIDC,
      resource: string,
      client: Client,
    ): Promise<ResourceServer> {
      if (resource === given.origin)
        return {
          scope: await hubScopes(ctx, client),
          audience: given.origin,
          accessTokenTTL: tokenSeconds,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        };
      const appId = resource.startsWith(prefix) ? resource.slice(prefix.length) : undefined;
      if (appId === undefined || !(await given.isApp(appId)))
        throw new errors.InvalidTarget('unknown resource');
      if (registerOf(client)?.app?.id !== appId)
        throw new errors.InvalidTarget('the resource is of another app');
      return {
        scope: '',
        audience: resource,
        accessTokenTTL: tokenSeconds,
        accessTokenFormat: 'opaque',
      };
    },
  };
};
