import type { Demand } from '#sso/provider/sign-in-policy.ts';

/** Who left or was suspended while signing in is asked anew, and told by the password step that they may not. */
export const mayStillSignIn: Demand = {
  reason: 'no_account',
  description: 'the person may no longer sign in',
  error: 'login_required',
  isUnmet: ({ oidc }) => oidc.session?.accountId !== undefined && oidc.account === undefined,
};
