import type { Handlers } from '#hub/platform/calls.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import { createPasswordHasher } from '#sso/accounts/hash-password.ts';
import { readRoles } from '#sso/accounts/roles-store.ts';
import { setPassword } from '#sso/accounts/set-password.ts';
import { setRoles } from '#sso/accounts/set-roles.ts';
import { createBridge } from '#sso/bridge/bridge.ts';
import { createOwnClients } from '#sso/bridge/own-clients.ts';
import { createCsrf } from '#sso/csrf.ts';
import { providerOperations } from '#sso/describe-operations.ts';
import { createHandOver } from '#sso/hand-over.ts';
import { createProviderKeys } from '#sso/keys/provider-keys.ts';
import { publishedKeysRoute } from '#sso/keys/published-keys-route.ts';
import { launcherRoutes } from '#sso/launcher/launcher-routes.ts';
import { errorPage, explainErrors } from '#sso/pages/answer-error.ts';
import { providerPages } from '#sso/pages/provider-pages.ts';
import { styleRoutes } from '#sso/pages/style-routes.ts';
import { challengeClients } from '#sso/provider/challenge.ts';
import { createFindClient } from '#sso/provider/find-client.ts';
import { removeExpired } from '#sso/provider/oidc-records-store.ts';
import { createRunningProvider } from '#sso/provider/running-provider.ts';
import { createPasswordStep } from '#sso/sign-in/password-step.ts';
import { signInRoutes } from '#sso/sign-in/sign-in-routes.ts';
import { createUpstream } from '#sso/upstream/create-upstream.ts';
import { upstreamOperations } from '#sso/upstream/openid/describe-callback.ts';
import { upstreamRoutes } from '#sso/upstream/upstream-routes.ts';
import { createZoneOf } from '#sso/zone-of.ts';

/** Each stands in the log and in the figures by itself; what comes below is not told (it may name a sign-in). */
const paths = [
  '/',
  ...[
    '',
    '/auth',
    '/token',
    '/me',
    '/request',
    '/device',
    '/session',
    '/interaction',
    '/upstream',
    '/my',
    '/jwks',
    '/.well-known',
  ].map(path => `/sso${path}`),
  '/cas',
  '/forward-auth',
];
const hourMs = 3_600_000;
const tidyMs = 60_000;
/** Few at a time: a clean-up must never be felt. */
const removedAtOnce = 1_000;

/** The sign-on of people and programs: OpenID provider, sign-in pages, and the keys by which tokens are checked. */
const createSso: CreatePart = context => {
  const { config, db, log, secrets, call } = context;
  const settings = config.signOn;
  const keys = createProviderKeys(context);
  const csrf = createCsrf(secrets);
  const bridge = createBridge({ secrets, origin: config.origin });
  const hasher = createPasswordHasher(settings);
  const zoneOf = createZoneOf(settings);

  const upstream = createUpstream({ context, csrf, hasher, provider: () => provider() });
  const passwordStep = createPasswordStep({
    context,
    hasher,
    verifiers: [upstream.verifier],
    otherWays: upstream.otherWays,
  });

  const pages = [
    signInRoutes({ csrf, steps: [passwordStep], provider: () => provider() }),
    upstream.pages,
    launcherRoutes({ context, bridge, csrf, provider: () => provider() }),
  ];
  const provider = createRunningProvider(
    {
      context,
      settings,
      findClient: createFindClient(call, createOwnClients(call, config.origin)),
      rolesOf: staffId => readRoles(db, staffId),
      demands: [],
      pages: providerPages,
      middleware: [publishedKeysRoute(keys), challengeClients, explainErrors(log)],
      routers: [styleRoutes(), ...pages],
    },
    keys,
  );

  const timers: NodeJS.Timeout[] = [];
  const every = (ms: number, what: string, work: () => Promise<unknown>): void => {
    const run = () =>
      void work().catch((cause: unknown) => log.error({ cause: describeCause(cause) }, `${what} failed`));
    timers.push(setInterval(run, ms).unref());
  };
  const tidy = async (): Promise<void> => {
    while ((await removeExpired(db, removedAtOnce)) === removedAtOnce);
  };

  return {
    name: 'sso',
    actions: {
      'sso.keys': async () => ({ keys: await keys.published() }),
      'sso.rotate-key': ({ actor }) => keys.rotate(actor),
      'sso.set-password': params => setPassword({ db, hasher }, params),
      'sso.set-roles': params => setRoles({ db }, params),
    } satisfies Handlers<'sso'>,
    routes: upstreamRoutes(context),
    mounts: [
      createHandOver({
        origin: config.origin,
        paths,
        operations: [...providerOperations, ...upstreamOperations],
        provider,
        zoneOf: (request, address) =>
          zoneOf({ internetDoor: false, peer: request.socket.remoteAddress ?? '', address }),
        refuse(response, status, handed) {
          response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'retry-after': '10' });
          response.end(errorPage(handed, status === 431 ? 'cookies' : 'away'));
        },
        log,
      }),
    ],
    async start() {
      await keys.inUse();
      every(hourMs, 'looking after the keys', () => keys.rotateWhenOld());
      every(tidyMs, 'removing expired sign-ins', tidy);
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
};
export default createSso;
