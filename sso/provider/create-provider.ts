import type Router from '@koa/router';
import type { Middleware } from 'koa';
import compose from 'koa-compose';
import Provider, {
  type AccessToken,
  type Configuration,
  errors,
  type FindAccount,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { scopes as apiScopes } from '#schemas/app.ts';
import type { StaffRole } from '#schemas/sign-on.ts';
import type { SignOnSettings } from '#schemas/sign-on-settings.ts';
import { factorAgeParams } from '#sso/factors/factor-age.ts';
import type { Keyset } from '#sso/keys/provider-keys.ts';
import { limitFailures } from '#sso/limit-failures.ts';
import { acr } from '#sso/provider/acr.ts';
import { createAdapters } from '#sso/provider/adapter.ts';
import { personScopes } from '#sso/provider/client-metadata.ts';
import { compareSecrets } from '#sso/provider/compare-secrets.ts';
import { claimsByScope, createFindAccount, registerOf } from '#sso/provider/find-account.ts';
import { loadGrant } from '#sso/provider/load-grant.ts';
import { createRequestWrites, type RequestWrites } from '#sso/provider/request-writes.ts';
import { appResource, createResources, tokenSeconds } from '#sso/provider/resources.ts';
import { createPolicy, type Demand } from '#sso/provider/sign-in-policy.ts';
import { tellAway } from '#sso/provider/tell-away.ts';
import { keepOwnSessions } from '#sso/sessions/keep-own-sessions.ts';

/** What the provider asks the rest of the sign-on. */
export interface ProviderDeps {
  context: PartContext;
  settings: SignOnSettings;
  findClient: ReturnType<typeof import('#sso/provider/find-client.ts').createFindClient>;
  rolesOf(staffId: string): Promise<StaffRole[]>;
  demands: Demand[];
  /** What no sign-in can mend. */
  refusals: Demand[];
  /** Looks at refresh tokens and device codes before the person behind them is found. */
  guardTokens(find: FindAccount): FindAccount;
  pages: {
    error(
      ctx: KoaContextWithOIDC,
      out: { error: string; error_description?: string },
      error: Error,
    ): Promise<void>;
    signOut(ctx: KoaContextWithOIDC, form: string): Promise<void>;
    signedOut(ctx: KoaContextWithOIDC): Promise<void>;
    userCode(ctx: KoaContextWithOIDC, form: string, error?: Error): Promise<void>;
    confirmDevice(ctx: KoaContextWithOIDC, form: string, userCode: string): Promise<void>;
    deviceDone(ctx: KoaContextWithOIDC): Promise<void>;
  };
  /** Everything else below our addresses: sign-in pages, bridges to older protocols. */
  middleware: Middleware[];
  routers: Router[];
}

/** What the library answers itself, and often: no page of ours is looked for there. */
const libraryPath = /^\/(?:auth|device|me|request|session|token)(?:\/|$)/;
const days = 86_400;
/** Shared by all provider instances: a change of keys forgives nobody. */
const failures = limitFailures();

const secondsLeft = (settings: SignOnSettings, loginTs: number | undefined): number => {
  const now = Math.floor(Date.now() / 1000);
  const absolute = (loginTs ?? now) + settings.sessionHours * 3600 - now;
  return Math.max(1, Math.min(settings.sessionIdleMinutes * 60, absolute));
};

const configure = (deps: ProviderDeps, { jwks }: Keyset, writes: RequestWrites): Configuration => {
  const { context, settings, pages } = deps;
  const { call, config, secrets } = context;
  const adapterOf = createAdapters({ ...context, writes });
  const cookieKey = secrets.keyedHash('sign-on-cookies', 'v1').toString('base64url');
  const secure = config.origin.startsWith('https:');
  const resources = createResources({
    origin: config.origin,
    isApp: async id => (await call('apps.list', {})).some(app => app.id === id && app.enabled),
    rolesOf: deps.rolesOf,
  });
  return {
    adapter: (model: string) =>
      model === 'Client' ? { ...adapterOf(model), find: deps.findClient } : adapterOf(model),
    jwks: { keys: jwks } as Configuration['jwks'],
    findAccount: deps.guardTokens(createFindAccount(call)),
    claims: claimsByScope,
    // Old clients look nowhere else.
    conformIdTokenClaims: false,
    // With the API's among them a client may be held to its own; `loadGrant` covers them, or consent would be asked for ever.
    scopes: [...personScopes, ...apiScopes],
    acrValues: Object.values(acr),
    // Clocks of clients differ: in seconds.
    clockTolerance: 15,
    subjectTypes: ['public'],
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    extraClientMetadata: { properties: ['hubClient'] },
    extraParams: factorAgeParams,
    cookies: {
      keys: [cookieKey],
      names: { session: 'lienthong_session', interaction: 'lienthong_sign_in', resume: 'lienthong_resume' },
      long: { signed: true, httpOnly: true, sameSite: 'lax', path: '/', secure, overwrite: true },
      short: { signed: true, httpOnly: true, sameSite: 'lax', secure, overwrite: true },
    },
    interactions: {
      policy: createPolicy(deps),
      url: (_ctx, { uid }) => `${config.origin}/sso/interaction/${uid}`,
    },
    loadExistingGrant: loadGrant,
    pkce: { required: (_ctx, client) => registerOf(client)?.signOn?.pkce !== false },
    // The library lets `offline_access` count with `prompt=consent` alone; of the province's own apps nobody is asked,
    // their registration decides (OpenID Connect Core 1.0 §11).
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (registerOf(client)?.signOn?.thirdParty !== true || source.scopes.has('offline_access')),
    rotateRefreshToken: true,
    // A refresh token lives no longer than the sign-in that it came from: whoever leaves is out.
    expiresWithSession: async () => true,
    extraTokenClaims: async (_ctx, token) => {
      const app = registerOf(token.client)?.app?.id;
      return app === undefined ? undefined : { app };
    },
    ttl: {
      AccessToken: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? tokenSeconds,
      ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? tokenSeconds,
      AuthorizationCode: 60,
      DeviceCode: 600,
      IdToken: 3600,
      Interaction: 900,
      Grant: 14 * days,
      RefreshToken: settings.sessionHours * 3600,
      Session: (_ctx, session) => secondsLeft(settings, session.loginTs),
    },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      claimsParameter: {
        enabled: true,
        // The page of consent tells of scopes: what it does not name may not be asked for.
        async assertClaimsParameter(_ctx, claims, client) {
          const named = Object.values(claims).flatMap(part => Object.keys(part ?? {}));
          if (
            registerOf(client)?.signOn?.thirdParty &&
            named.some(claim => !claimsByScope.openid.includes(claim))
          )
            throw new errors.InvalidRequest('ask for claims by scope');
        },
      },
      clientCredentials: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (ctx, form, _out, error) => pages.userCode(ctx, form, error),
        userCodeConfirmSource: (ctx, form, _client, _info, userCode) =>
          pages.confirmDevice(ctx, form, userCode),
        successSource: ctx => pages.deviceDone(ctx),
      },
      dPoP: { enabled: true, nonceSecret: secrets.keyedHash('sign-on-dpop', 'v1') },
      introspection: {
        enabled: true,
        // A resource learns of its own tokens alone; a client of those that it was given.
        allowedPolicy: async (_ctx, client, token) => {
          const app = registerOf(client)?.app?.id;
          const own = app !== undefined && [(token as AccessToken).aud].flat().includes(appResource(app));
          return client.clientAuthMethod !== 'none' && (own || token.clientId === client.clientId);
        },
      },
      revocation: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: {
        enabled: true,
        ...resources,
        useGrantedResource: async () => false,
      } as NonNullable<Configuration['features']>['resourceIndicators'],
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => pages.signOut(ctx, form),
        postLogoutSuccessSource: ctx => pages.signedOut(ctx),
      },
      userinfo: { enabled: true },
    },
    renderError: (ctx, out, error) => pages.error(ctx, out, error),
    discovery: {
      ui_locales_supported: ['vi', 'en'],
    },
  };
};

/**
 * The OpenID provider over our register: people from the staff register, clients from the apps register, everything
 * that it keeps in PostgreSQL. Keys are fixed for its life: see `createRunningProvider`.
 */
export const createProvider = (deps: ProviderDeps, keyset: Keyset): Provider => {
  const writes = createRequestWrites(deps.context.db);
  const provider = new Provider(`${deps.context.config.origin}/sso`, configure(deps, keyset, writes));
  // The hub's door has dropped what clients say of themselves, and says it itself (`hand-over.ts`).
  provider.proxy = true;
  provider.Client.prototype.compareClientSecret = function (actual: string): boolean {
    return compareSecrets(this, actual, failures);
  };
  keepOwnSessions(provider, deps.context);
  for (const middleware of deps.middleware) provider.use(middleware);
  provider.use((ctx, next) => next().finally(() => writes.settle(ctx as KoaContextWithOIDC)));
  const pages = compose(deps.routers.map(router => router.routes() as Middleware));
  provider.use((ctx, next) => (libraryPath.test(ctx.path) ? next() : pages(ctx, next)));
  provider.on('backchannel.error', (_ctx, error) =>
    deps.context.log.error({ cause: describeCause(error) }, 'leaving an app was not noted'),
  );
  provider.on('server_error', (ctx, error) => {
    if (!tellAway(ctx, error)) deps.context.log.error({ cause: describeCause(error) }, 'the sign-on failed');
  });
  return provider;
};
