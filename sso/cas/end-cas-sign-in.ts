import type Provider from 'oidc-provider';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { casAppsOf } from '#sso/cas/cas-session-store.ts';
import { endCasSessions } from '#sso/cas/single-logout.ts';

/** Ends a session at the provider; its CAS apps are told once, in the background. */
export const createEndCasSignIn =
  ({ context, provider }: { context: PartContext; provider(): Promise<Provider> }) =>
  async ({ uid }: { uid: string }): Promise<void> => {
    const { Session } = await provider();
    await (await Session.findByUid(uid))?.destroy();
    const tell = async (): Promise<void> => {
      for (const appId of await casAppsOf(context.db, uid)) {
        const outcome = await endCasSessions(context, { uid, appId });
        if (outcome !== 'told')
          context.log.warn({ app: appId, ...outcome }, 'an app was not told of a sign-out');
      }
    };
    void tell().catch((cause: unknown) =>
      context.log.error({ cause: describeCause(cause) }, 'apps were not told of a sign-out'),
    );
  };
