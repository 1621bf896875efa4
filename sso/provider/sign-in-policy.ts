import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

const { Check, base } = interactionPolicy;

/** One more reason to send somebody to the sign-in pages, asked on every authorization. */
export interface Demand {
  reason: string;
  /** What a client hears that asked with `prompt=none`. */
  description: string;
  /** The code beside it; `interaction_required` when absent (OpenID Connect Core 1.0 §3.1.2.6). */
  error?: string;
  isUnmet(ctx: KoaContextWithOIDC): Promise<boolean> | boolean;
}

/** The library looks for a session alone: of whoever has left meanwhile it would let the request fail. */
const whoIsGone: Demand = {
  reason: 'person_gone',
  description: 'End-User authentication is required',
  error: 'login_required',
  isUnmet: ({ oidc }) => oidc.session?.accountId !== undefined && oidc.account === undefined,
};

/** The library's own policy, with our demands on the sign-in beside it. */
export const createPolicy = (demands: Demand[]): interactionPolicy.DefaultPolicy => {
  const policy = base();
  const login = policy.get('login')!;
  for (const { reason, description, error = 'interaction_required', isUnmet } of [whoIsGone, ...demands])
    login.checks.add(
      new Check(reason, description, error, async ctx =>
        (await isUnmet(ctx)) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
      ),
    );
  return policy;
};
