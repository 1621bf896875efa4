import type { Handlers } from '#hub/platform/calls.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import { limitFailures } from '#sso/limit-failures.ts';
import { ssoRoutes } from '#sso/sso-routes.ts';
import { createTokenKeys } from '#sso/token-keys.ts';

/** The sign-on: access tokens for programs, and the keys by which everybody can check them. */
const createSso: CreatePart = context => {
  const keys = createTokenKeys(context);
  let timer: NodeJS.Timeout | undefined;
  const rotate = (): Promise<void> =>
    keys
      .rotateWhenOld()
      .catch(cause =>
        context.log.error({ cause: describeCause(cause) }, 'the token key was not looked after'),
      );

  return {
    name: 'sso',
    actions: {
      'sso.keys': async () => ({ keys: await keys.published() }),
      'sso.rotate-key': ({ actor }) => keys.rotate(actor),
    } satisfies Handlers<'sso'>,
    routes: ssoRoutes({
      call: context.call,
      keys,
      failures: limitFailures(),
      origin: context.config.origin,
    }),
    async start() {
      await keys.signing();
      timer = setInterval(rotate, 3_600_000).unref();
    },
    async stop() {
      clearInterval(timer);
    },
  };
};
export default createSso;
