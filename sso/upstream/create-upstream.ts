import type Router from '@koa/router';
import type Provider from 'oidc-provider';
import type { Csrf } from '#hub/platform/pages/csrf.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import type { OtherWay } from '#sso/sign-in/password-step.ts';
import type { PasswordVerifier } from '#sso/sign-in/password-verifier.ts';
import type { SignIn } from '#sso/sign-in/sign-in.ts';
import { createUpstreamVerifier } from '#sso/upstream/create-verifier.ts';
import { createKnownSources } from '#sso/upstream/known-sources.ts';
import { createRelyingParties } from '#sso/upstream/openid/relying-party.ts';
import { upstreamPages } from '#sso/upstream/openid/upstream-pages.ts';
import { createOtherWays } from '#sso/upstream/other-ways.ts';
import { createSourceGuard } from '#sso/upstream/source-guard.ts';

/** Older systems as the sign-in meets them: their passwords, their buttons, and the way there and back. */
export const createUpstream = (deps: {
  context: PartContext;
  csrf: Csrf;
  hasher: PasswordHasher;
  provider(): Promise<Provider>;
}): { verifier: PasswordVerifier; otherWays(signIn: SignIn): Promise<OtherWay[]>; pages: Router } => {
  const parties = createRelyingParties();
  const sources = createKnownSources(deps.context);
  return {
    verifier: createUpstreamVerifier({ ...deps, parties, sources, guard: createSourceGuard() }),
    otherWays: createOtherWays(sources),
    pages: upstreamPages({ ...deps, parties }),
  };
};
