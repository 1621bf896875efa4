import { acr } from '#sso/provider/acr.ts';

/** What a request demands of the sign-in; `unknown`: something that no sign-in here could ever be. */
export type WantedAcr = 'any' | 'second-factor' | 'unknown';

const known: string[] = Object.values(acr);

const listOf = (asked: { value?: unknown; values?: unknown }): unknown[] | undefined => {
  if (asked.value !== undefined) return [asked.value];
  return Array.isArray(asked.values) ? asked.values : undefined;
};

/**
 * Reads `acr_values` and the `acr` of `claims` (OpenID Connect Core §3.1.2.1, §5.5.1.1). A second factor is more than a
 * password, and serves where a password was asked for. Of what is only wished for, the first that we know counts; what
 * is essential must be met.
 */
export const readWantedAcr = (params: { acr_values?: unknown; claims?: unknown }): WantedAcr => {
  const claims = typeof params.claims === 'string' ? JSON.parse(params.claims) : {};
  const asked = claims?.id_token?.acr ?? {};
  const values = listOf(asked);
  if (asked.essential === true && values !== undefined && !values.includes(acr.password))
    return values.includes(acr.secondFactor) ? 'second-factor' : 'unknown';
  const wished = [...(values ?? []), ...String(params.acr_values ?? '').split(' ')];
  return wished.find(value => known.includes(value as string)) === acr.secondFactor ? 'second-factor' : 'any';
};
