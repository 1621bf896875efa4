import type { Middleware } from 'koa';
import type Provider from 'oidc-provider';
import type { SignOnClient, Zone } from '#schemas/sign-on.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { pagesCallback, pagesClient } from '#sso/bridge/own-clients.ts';
import { signInFor } from '#sso/bridge/sign-in-for.ts';
import { factsOf } from '#sso/request-facts.ts';
import { type BrowserSession, sessionOf } from '#sso/sessions/signed-in.ts';
import type { Judge } from '#sso/zones/access.ts';

const own: SignOnClient = { clientId: pagesClient, scopes: [], secretHashes: [], signOn: null, app: null };

/** Whether a session opens our own pages from this zone. */
export const opensOwnPages = async (judge: Judge, zone: Zone, session: BrowserSession): Promise<boolean> =>
  zone === 'wan' || (await judge({ zone, client: own, person: session })).outcome === 'allowed';

/** Where everybody may go, or there would be no way back and none out. */
const open = new Set([pagesCallback.slice('/sso'.length), '/my/sign-out']);
/** However it is written: a spelling that some router takes for one of ours must not pass for another page. */
const isGuarded = (path: string): boolean => !open.has(path) && /^\/+(?:$|my(?:\/|$))/i.test(path);

/**
 * Our own pages ask the session, not the provider: a session that moved to the Internet is sent through an authorization
 * there first, which asks for what is missing or refuses.
 */
export const guardOwnPages =
  (given: { bridge: Bridge; judge: Judge; provider(): Promise<Provider> }): Middleware =>
  async (ctx, next) => {
    const { zone } = factsOf(ctx.req);
    if (zone === 'wan' || !isGuarded(ctx.path)) return next();
    const session = await sessionOf(await given.provider(), ctx);
    if (session === undefined) return next();
    if (await opensOwnPages(given.judge, zone, session)) return next();
    const here = ctx.path === '/' ? '/' : `/sso${ctx.url}`;
    signInFor(given.bridge, ctx, ctx.method === 'GET' ? here : '/');
  };
