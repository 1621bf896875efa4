import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { casAppsOf } from '#sso/cas/cas-session-store.ts';
import { endCasSessions } from '#sso/cas/single-logout.ts';

/** Ends the session of this browser; its CAS apps are told in the background. */
export const createSignOut =
  ({ context, provider }: { context: PartContext; provider(): Promise<Provider> }) =>
  async (ctx: Context): Promise<void> => {
    const running = await provider();
    const session = await running.Session.get(ctx as Parameters<typeof running.Session.get>[0]);
    if (session.accountId === undefined) return;
    const { uid } = session;
    await session.destroy();
    ctx.cookies.set(running.cookieName('session'), null, { path: '/', signed: true });
    const tell = async (): Promise<void> => {
      for (const appId of await casAppsOf(context.db, uid))
        await endCasSessions(context, { uid, appId }).catch((cause: unknown) =>
          context.log.warn({ app: appId, cause: describeCause(cause) }, 'an app was not told of a sign-out'),
        );
    };
    void tell().catch((cause: unknown) =>
      context.log.error({ cause: describeCause(cause) }, 'apps were not told of a sign-out'),
    );
  };
