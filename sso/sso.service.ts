import type { Handlers } from '#hub/platform/calls.ts';
import { cameByInternetDoor } from '#hub/platform/http/internet-door.ts';
import { createCsrf } from '#hub/platform/pages/csrf.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import { accountApiRoutes } from '#sso/accounts/account-api-routes.ts';
import { activationRoutes } from '#sso/accounts/activation-routes.ts';
import { clerkRoutes } from '#sso/accounts/clerk-routes.ts';
import { createFailureCounter } from '#sso/accounts/failure-counter.ts';
import { createPasswordHasher } from '#sso/accounts/hash-password.ts';
import { ownPasswordRoutes } from '#sso/accounts/own-password-routes.ts';
import { roleRoutes } from '#sso/accounts/role-routes.ts';
import { readRoles } from '#sso/accounts/roles-store.ts';
import { setPassword } from '#sso/accounts/set-password.ts';
import { setRoles } from '#sso/accounts/set-roles.ts';
import { startBackground } from '#sso/background.ts';
import { createBridge } from '#sso/bridge/bridge.ts';
import { createOwnClients } from '#sso/bridge/own-clients.ts';
import { casRoutes } from '#sso/cas/cas-routes.ts';
import { casOperations } from '#sso/cas/describe-cas.ts';
import { createSignOut } from '#sso/cas/sign-out.ts';
import { createCasLogout } from '#sso/cas/single-logout.ts';
import { providerOperations } from '#sso/describe-operations.ts';
import { checkCode } from '#sso/factors/check-code.ts';
import { factorApiRoutes } from '#sso/factors/factor-api-routes.ts';
import { factorRoutes } from '#sso/factors/factor-routes.ts';
import { giveTotp } from '#sso/factors/give-totp.ts';
import { passkeyScriptRoutes } from '#sso/factors/passkey-script.ts';
import { relyingPartyOf } from '#sso/factors/passkeys.ts';
import { removeFactors } from '#sso/factors/remove-factors.ts';
import { forwardAuthRoutes } from '#sso/forward-auth/forward-auth-routes.ts';
import { createReadOriginal } from '#sso/forward-auth/original-request.ts';
import { createHandOver } from '#sso/hand-over.ts';
import { issueOwnToken } from '#sso/keys/issue-own-token.ts';
import { createProviderKeys } from '#sso/keys/provider-keys.ts';
import { publishedKeysRoute } from '#sso/keys/published-keys-route.ts';
import { launcherRoutes } from '#sso/launcher/launcher-routes.ts';
import type { LogoutSenders } from '#sso/leaving/logout-sender.ts';
import { createOpenIdLogout } from '#sso/leaving/open-id-logout.ts';
import { errorPage, explainErrors } from '#sso/pages/answer-error.ts';
import { providerPages } from '#sso/pages/provider-pages.ts';
import { styleRoutes } from '#sso/pages/style-routes.ts';
import { challengeClients } from '#sso/provider/challenge.ts';
import { createFindClient } from '#sso/provider/find-client.ts';
import { introspectedPerson } from '#sso/provider/introspected-person.ts';
import { createRunningProvider } from '#sso/provider/running-provider.ts';
import { endSessions } from '#sso/sessions/end-sessions.ts';
import { findBrowserPerson } from '#sso/sessions/find-browser-person.ts';
import { mayStillSignIn } from '#sso/sessions/may-still-sign-in.ts';
import { mySessionsRoutes } from '#sso/sessions/my-sessions-routes.ts';
import { noteAppOpened } from '#sso/sessions/note-app-opened.ts';
import { recordSessions } from '#sso/sessions/record-sessions.ts';
import { sessionRoutes } from '#sso/sessions/session-routes.ts';
import { createAccessStep } from '#sso/sign-in/access-step.ts';
import { createNewPasswordStep } from '#sso/sign-in/new-password-step.ts';
import { createPasswordStep } from '#sso/sign-in/password-step.ts';
import { createSecondFactorStep } from '#sso/sign-in/second-factor-step.ts';
import { signInRoutes } from '#sso/sign-in/sign-in-routes.ts';
import { createUpstream } from '#sso/upstream/create-upstream.ts';
import { upstreamOperations } from '#sso/upstream/openid/describe-callback.ts';
import { upstreamRoutes } from '#sso/upstream/upstream-routes.ts';
import { webmailRoutes } from '#sso/webmail/webmail-routes.ts';
import { createJudge } from '#sso/zones/access.ts';
import { accessDemands } from '#sso/zones/demands.ts';
import { guardOwnPages, opensOwnPages } from '#sso/zones/guard-own-pages.ts';
import { guardTokens } from '#sso/zones/guard-tokens.ts';
import { createZoneOf } from '#sso/zones/zone-of.ts';

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
    '/activate',
    '/forgotten',
    '/webmail',
    '/jwks',
    '/.well-known',
  ].map(path => `/sso${path}`),
  '/cas',
  '/forward-auth',
];

/** The sign-on of people and programs: OpenID provider, sign-in pages, and the keys by which tokens are checked. */
const createSso: CreatePart = context => {
  const { config, db, wake, log, secrets, call } = context;
  const settings = config.signOn;
  const keys = createProviderKeys(context);
  const csrf = createCsrf(secrets, 'sign-on-csrf');
  const bridge = createBridge({ secrets, origin: config.origin });
  const hasher = createPasswordHasher(settings);
  const zoneOf = createZoneOf(settings);
  const clientOf = createOwnClients(call, config.origin);
  const accounts = { context, hasher, failures: createFailureCounter(context, settings) };
  const rolesOf = (staffId: string) => readRoles(db, staffId);
  const judge = createJudge(rolesOf);
  const factors = { db, call, secrets, relyingParty: relyingPartyOf(config.origin) };
  const web = { csrf, bridge, provider: () => provider() };

  const upstream = createUpstream({ context, csrf, hasher, provider: () => provider() });
  const access = accessDemands(judge, db);
  // What proves a person stands before the last: who is not wholly proven changes no password.
  const steps = [
    createAccessStep({ judge, db, log }),
    createPasswordStep(accounts, { verifiers: [upstream.verifier], otherWays: upstream.otherWays }),
    createSecondFactorStep({ judge, factors }),
    createNewPasswordStep(accounts),
  ];
  const pages = [
    signInRoutes({ ...web, steps }),
    upstream.pages,
    factorRoutes({ ...web, factors }),
    launcherRoutes({ ...web, context }),
    activationRoutes({ ...web, ...accounts }),
    ownPasswordRoutes({ ...web, ...accounts }),
    clerkRoutes({ ...web, ...accounts }),
    forwardAuthRoutes({ context, bridge, keys, clientOf, rolesOf, provider: () => provider() }),
    webmailRoutes({ context, bridge, provider: () => provider() }),
    ...casRoutes({
      context,
      bridge,
      clientOf,
      judge,
      provider: () => provider(),
      noteOpened: opened => noteAppOpened(db, opened),
      signOut: createSignOut({
        provider: () => provider(),
        async end({ uid, staffId }) {
          await endSessions(context, [uid], { reason: 'signed-out', actor: `staff/${staffId}` });
        },
      }),
    }),
    mySessionsRoutes({ ...web, context }),
  ];
  const provider = createRunningProvider(
    {
      context,
      settings,
      findClient: createFindClient(context, clientOf),
      rolesOf,
      ...access,
      demands: [mayStillSignIn, ...access.demands],
      guardTokens: find => guardTokens(find, { judge, db }),
      pages: providerPages,
      middleware: [
        publishedKeysRoute(keys),
        challengeClients,
        explainErrors(log),
        guardOwnPages({ bridge, judge, provider: () => provider() }),
        introspectedPerson(call),
        recordSessions(context),
      ],
      routers: [styleRoutes(), passkeyScriptRoutes(), ...pages],
    },
    keys,
  );

  const senders: LogoutSenders = {
    oidc: createOpenIdLogout({ call, keys, issuer: `${config.origin}/sso` }),
    cas: createCasLogout({ db, secrets }),
    // Asks us at each request whether the session still is.
    'forward-auth': async () => 'told',
  };
  let background: { stop(): Promise<void> } | undefined;

  return {
    name: 'sso',
    actions: {
      'sso.keys': async () => ({ keys: await keys.published() }),
      'sso.own-token': ({ client }) => issueOwnToken(keys, config.origin, client),
      'sso.rotate-key': ({ actor }) => keys.rotate(actor),
      'sso.set-password': params => setPassword({ db, wake, hasher }, params),
      'sso.browser-session': async ({ cookie, from }) =>
        findBrowserPerson(context, await provider(), cookie, session =>
          opensOwnPages(judge, zoneOf(from), session),
        ),
      'sso.roles': ({ staffId }) => readRoles(db, staffId),
      'sso.give-totp': given => giveTotp(factors, given),
      'sso.check-code': shown => checkCode(factors, shown),
      'sso.set-roles': params => setRoles({ db }, params),
      'sso.remove-factors': params => removeFactors(context, params),
    } satisfies Handlers<'sso'>,
    routes: [
      ...accountApiRoutes(accounts),
      ...roleRoutes(context),
      ...factorApiRoutes(context),
      ...sessionRoutes(context),
      ...upstreamRoutes(context),
    ],
    mounts: [
      createHandOver({
        origin: config.origin,
        paths,
        operations: [...casOperations, ...providerOperations, ...upstreamOperations],
        provider,
        originalOf: createReadOriginal(config.trustedProxies),
        zoneOf: (request, address) =>
          zoneOf({
            internetDoor: cameByInternetDoor(request),
            peer: request.socket.remoteAddress ?? '',
            address,
          }),
        refuse(response, status, handed) {
          response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'retry-after': '10' });
          response.end(errorPage(handed, status === 431 ? 'cookies' : 'away'));
        },
        log,
      }),
    ],
    async start() {
      await keys.inUse();
      background = await startBackground(context, { keys, senders });
    },
    async stop() {
      await background?.stop();
    },
  };
};
export default createSso;
