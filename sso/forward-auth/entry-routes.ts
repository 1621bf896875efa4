import { randomBytes } from 'node:crypto';
import Router from '@koa/router';
import type { Context } from 'koa';
import { AppError } from '#hub/platform/errors.ts';
import { bridgeClient, bridges } from '#sso/bridge/own-clients.ts';
import type { AppCookie } from '#sso/forward-auth/app-cookie.ts';
import { digest, type EntryCodes } from '#sso/forward-auth/entry-codes.ts';
import type { ForwardAuthDeps } from '#sso/forward-auth/forward-auth-routes.ts';
import { readHostCookie, setHostCookie } from '#sso/forward-auth/host-cookie.ts';
import type { KnownBehindProxies } from '#sso/forward-auth/known-behind-proxies.ts';
import { tellProxy } from '#sso/forward-auth/tell-proxy.ts';
import { isOwnPath } from '#sso/own-path.ts';
import { answerError } from '#sso/pages/answer-error.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { factsOf } from '#sso/request-facts.ts';

/** Where somebody is going, sealed on the way through the browser. */
interface Going {
  appId: string;
  origin: string;
  path: string;
  browser: string;
}

const purpose = 'forward-auth-going';
/** Longer ones make addresses that proxies refuse; who asked for one begins at the app's first page. */
const mostPath = 1500;
const browserCookie = 'lienthong_browser';
const minutes = 15;

/**
 * The way in. Cookies of the app's own host can be set only there, so the app's proxy hands `/.lienthong/…` to us as
 * `/forward-auth/app/…`: `sign-in` gives the browser a secret and sends it to the hub's own origin, where it signs in as at
 * any client; `callback` takes the code that it comes back with, only from the browser that holds the secret (or somebody
 * could be signed in as another), and sets the app's cookie.
 */
export const entryRoutes = (
  deps: ForwardAuthDeps & { cookie: AppCookie; codes: EntryCodes; known: KnownBehindProxies },
): Router => {
  const { bridge, codes, cookie, known, context } = deps;
  const { config, secrets } = context;
  const router = new Router({ prefix: '/forward-auth', sensitive: true, strict: true });

  /** The secret that this browser holds at the app's origin; one for all its tabs. */
  const browserSecret = (ctx: Context, origin: string): string => {
    const held = readHostCookie(ctx, origin, browserCookie);
    if (held !== undefined && /^[\w-]{22}$/.test(held)) return held;
    const made = randomBytes(16).toString('base64url');
    setHostCookie(ctx, origin, { name: browserCookie, value: made, seconds: minutes * 60 });
    return made;
  };

  router.get('/app/sign-in', async ctx => {
    const { original } = factsOf(ctx.req);
    if (original === undefined) return tellProxy(ctx, 400, 'not-told');
    const { origin } = original;
    const app = await known.appAt(origin);
    if (app === undefined) return tellProxy(ctx, 403, 'unknown-origin');
    const to = String(ctx.query.to ?? '/');
    const path = isOwnPath(to) && to.length <= mostPath ? to : '/';
    const going: Going = { appId: app.id, origin, path, browser: digest(browserSecret(ctx, origin)) };
    const sealed = secrets.seal(purpose, JSON.stringify(going)).toString('base64url');
    seeOther(ctx, `${config.origin}/forward-auth/begin?${new URLSearchParams({ going: sealed })}`);
  });

  const readGoing = (sealed: unknown): Going => {
    try {
      return JSON.parse(secrets.open(purpose, Buffer.from(String(sealed), 'base64url'))) as Going;
    } catch {
      throw new AppError('invalid-request');
    }
  };

  router.get('/begin', ctx => {
    const going = readGoing(ctx.query.going);
    bridge.begin(ctx, {
      clientId: bridgeClient('forward-auth', going.appId),
      callback: bridges['forward-auth'],
      returnTo: JSON.stringify(going),
    });
  });

  router.get('/callback', async ctx => {
    const came = await bridge.finish(ctx, await deps.provider());
    if ('error' in came) return answerError(ctx, came.error);
    const going = JSON.parse(came.returnTo) as Going;
    const { staffId, uid } = came;
    const code = await codes.make({ ...going, staffId, uid, zone: factsOf(ctx.req).zone });
    seeOther(ctx, `${going.origin}/.lienthong/callback?${new URLSearchParams({ code })}`);
  });

  router.get('/app/callback', async ctx => {
    const { original, zone } = factsOf(ctx.req);
    if (original === undefined) return tellProxy(ctx, 400, 'not-told');
    const { code } = ctx.query;
    const browser = digest(readHostCookie(ctx, original.origin, browserCookie) ?? '');
    const entry = typeof code === 'string' ? await codes.take(code, original.origin, browser) : undefined;
    // Told at the hub's origin: here our style is not to be had.
    if (entry === undefined) return seeOther(ctx, `${config.origin}/forward-auth/refused?why=used`);
    // The two proxies see this person in different places: the app would send them to sign in for ever.
    if (zone === 'internet' && entry.zone !== 'internet')
      return seeOther(ctx, `${config.origin}/forward-auth/refused?why=zone`);
    const { appId, origin, uid, staffId, path } = entry;
    cookie.set(ctx, { appId, origin, uid, staffId, zone: entry.zone });
    seeOther(ctx, origin + path);
  });

  router.get('/refused', ctx =>
    answerError(ctx, ctx.query.why === 'zone' ? 'access_denied' : 'session-not-found'),
  );

  return router;
};
