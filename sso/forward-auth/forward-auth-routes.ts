import Router from '@koa/router';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { PartContext } from '#hub/platform/part.ts';
import type { App } from '#schemas/app.ts';
import type { StaffRole } from '#schemas/sign-on.ts';
import type { StaffAccount } from '#schemas/staff.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { createAppCookie } from '#sso/forward-auth/app-cookie.ts';
import { createEntryCodes } from '#sso/forward-auth/entry-codes.ts';
import { entryRoutes } from '#sso/forward-auth/entry-routes.ts';
import { identityHeaders } from '#sso/forward-auth/identity-headers.ts';
import { createKnownBehindProxies } from '#sso/forward-auth/known-behind-proxies.ts';
import type { OriginalRequest } from '#sso/forward-auth/original-request.ts';
import { tellProxy } from '#sso/forward-auth/tell-proxy.ts';
import { wantsPage } from '#sso/forward-auth/wants-page.ts';
import type { ProviderKeys } from '#sso/keys/provider-keys.ts';
import type { OwnClients } from '#sso/provider/find-client.ts';
import { findSession } from '#sso/provider/oidc-records-store.ts';
import { factsOf } from '#sso/request-facts.ts';
import { createJudge } from '#sso/zones/access.ts';

export interface ForwardAuthDeps {
  context: PartContext;
  bridge: Bridge;
  keys: ProviderKeys;
  clientOf: OwnClients;
  rolesOf(staffId: string): Promise<StaffRole[]>;
  provider(): Promise<Provider>;
}

/** The page of the app that begins a sign-in and comes back to `path`; its proxy hands it to us. */
const signInAt = ({ origin, path }: OriginalRequest): string =>
  `${origin}/.lienthong/sign-in?${new URLSearchParams({ to: path })}`;

/** Sends a person to sign in, and anything else away; nginx is told where to instead, since it heeds no redirect here. */
const refuse = (ctx: Context, original: OriginalRequest): void => {
  ctx.status = 401;
  ctx.body = '';
  if (!wantsPage(ctx.headers, original.method)) return;
  const url = signInAt(original);
  if (original.redirects) {
    ctx.status = 302;
    ctx.set('location', url);
  } else ctx.set('x-auth-sign-in', url);
};

/**
 * `/forward-auth`, which a proxy before an app asks about each request: 200 with who it is, or 401. Beside it the way in
 * (`entryRoutes`). Identity headers of the request itself are never read.
 */
export const forwardAuthRoutes = (deps: ForwardAuthDeps): Router => {
  const { context, keys } = deps;
  const { db, config, secrets, call } = context;
  const cookie = createAppCookie(secrets);
  const known = createKnownBehindProxies({ ...deps, call });
  const judge = createJudge(known.rolesOf);
  const router = new Router({ sensitive: true, strict: true });

  /**
   * Who this browser is at the app now: the cookie, its provider session and the person must all be good, and a sign-in
   * would open the app from here now.
   */
  const personOf = async (ctx: Context, app: App, origin: string): Promise<StaffAccount | undefined> => {
    const pass = cookie.read(ctx, app.id, origin);
    if (pass === undefined) return undefined;
    // A sign-in in the province's network is none from the Internet, where other rules hold.
    const { zone } = factsOf(ctx.req);
    if (zone === 'internet' && pass.zone !== 'internet') return undefined;
    const { staffId } = pass;
    const { payload } = (await findSession(db, pass.uid)) ?? {};
    if (payload?.accountId !== staffId) return undefined;
    const client = await known.clientOfApp(app.id);
    const amr = (payload.amr ?? []) as string[];
    const { outcome } = await judge({ zone, client, person: { staffId, amr } });
    return outcome === 'allowed' ? known.activePerson(staffId) : undefined;
  };

  router.all('/forward-auth', async ctx => {
    ctx.set('cache-control', 'no-store');
    const { original } = factsOf(ctx.req);
    if (original === undefined) return tellProxy(ctx, 400, 'not-told');
    const app = await known.appAt(original.origin);
    if (app === undefined) return tellProxy(ctx, 403, 'unknown-origin');
    const person = await personOf(ctx, app, original.origin);
    if (person === undefined) return refuse(ctx, original);
    ctx.set(
      await identityHeaders(person, app, { issuer: `${config.origin}/sso`, keyset: await keys.inUse() }),
    );
    ctx.status = 200;
    ctx.body = '';
  });

  const entry = entryRoutes({ ...deps, cookie, known, codes: createEntryCodes(db) });
  router.use(entry.routes());
  return router;
};
