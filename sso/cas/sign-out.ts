import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { type BrowserSession, sessionOf } from '#sso/sessions/signed-in.ts';

/** Signs a browser out. `end` ends the session everywhere else. */
export const createSignOut =
  ({ provider, end }: { provider(): Promise<Provider>; end(session: BrowserSession): Promise<void> }) =>
  async (ctx: Context): Promise<void> => {
    const running = await provider();
    const session = await sessionOf(running, ctx);
    if (session === undefined) return;
    await end(session);
    ctx.cookies.set(running.cookieName('session'), null, { path: '/', signed: true });
  };
