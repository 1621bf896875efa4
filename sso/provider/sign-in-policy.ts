import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

const { Check, base } = interactionPolicy;

/** One more reason to send somebody to the sign-in pages, asked on every authorization. */
export interface Demand {
  reason: string;
  /** What a client hears that asked with `prompt=none`. */
  description: string;
  isUnmet(ctx: KoaContextWithOIDC): Promise<boolean> | boolean;
}

/** The library's own policy, with our demands on the sign-in beside it. */
export const createPolicy = (demands: Demand[]): interactionPolicy.DefaultPolicy => {
  const policy = base();
  const login = policy.get('login')!;
  for (const { reason, description, isUnmet } of demands)
    login.checks.add(
      new Check(reason, description, async ctx =>
        (await isUnmet(ctx)) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
      ),
    );
  return policy;
};
