import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { isFresh } from '#sso/factors/fresh-proof.ts';
import { acr } from '#sso/provider/acr.ts';

/**
 * The parameter of an authorization request that asks for a second factor which was proven no longer ago than so many
 * seconds: to the second factor what `max_age` (OpenID Connect Core 1.0 §3.1.2.1) is to the whole sign-in. Who has proven
 * one lately is asked nothing.
 */
const parameter = 'factor_max_age';

/**
 * Approving a signature, for instance, wants a second factor this fresh. No more than what the page asks that sends people here: one
 * that is too old there and fresh enough here would go round for ever.
 */
const freshFactorSeconds = 9 * 60;

/** What a request of our own pages brings with it that wants a fresh second factor. */
export const freshFactor = { acr_values: acr.secondFactor, [parameter]: String(freshFactorSeconds) };

/** The parameter as the provider takes it. */
export const factorAgeParams = {
  [parameter]: (_ctx: KoaContextWithOIDC, value: unknown): void => {
    if (value !== undefined && !/^\d{1,9}$/.test(String(value)))
      throw new errors.InvalidRequest(`invalid ${parameter} value`);
  },
};

/** Whether a request wants a younger second factor than one of that time, seconds since 1970 (undefined: none was proven). */
export const isFactorOld = (
  params: Record<string, unknown> | undefined,
  provenAt: number | undefined,
): boolean => {
  const wanted = params?.[parameter];
  return wanted !== undefined && !isFresh(provenAt ?? 0, Number(wanted));
};

/** When a second factor was proven in the sign-in that ends with this answer, seconds since 1970. */
export const provenNow = ({ result }: KoaContextWithOIDC['oidc']): number | undefined =>
  result?.factorAt as number | undefined;
