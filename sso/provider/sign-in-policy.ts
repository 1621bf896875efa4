import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

const { Check, Prompt, base } = interactionPolicy;

/** One more reason to send somebody to the sign-in pages, asked on every authorization. */
export interface Demand {
  reason: string;
  /** What a client hears that asked with `prompt=none`. */
  description: string;
  /** The code beside it; `interaction_required` when absent (OpenID Connect Core 1.0 §3.1.2.6). */
  error?: string;
  isUnmet(ctx: KoaContextWithOIDC): Promise<boolean> | boolean;
}

const toCheck = ({ reason, description, error = 'interaction_required', isUnmet }: Demand) =>
  new Check(reason, description, error, ctx => isUnmet(ctx));

/**
 * The library's own policy, with our demands on the sign-in beside it, and before all `refusals`: what no sign-in can
 * mend. An essential `acr` is among our demands: the library compares it as text, and would send round and round whoever
 * asks for less than the session has.
 */
export const createPolicy = ({
  demands,
  refusals,
}: {
  demands: Demand[];
  refusals: Demand[];
}): interactionPolicy.DefaultPolicy => {
  const policy = base();
  const login = policy.get('login')!;
  for (const reason of ['essential_acr', 'essential_acrs']) login.checks.remove(reason);
  for (const demand of demands) login.checks.add(toCheck(demand));
  policy.add(new Prompt({ name: 'access', requestable: false }, ...refusals.map(toCheck)), 0);
  return policy;
};
