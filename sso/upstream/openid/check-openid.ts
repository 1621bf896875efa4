import type { UpstreamCheck } from '#schemas/upstream.ts';
import { createRelyingParties } from '#sso/upstream/openid/relying-party.ts';
import type { OpenIdSource } from '#sso/upstream/source.ts';
import { faultOf } from '#sso/upstream/source-guard.ts';

/** Whether the sign-on tells of itself, under exactly the configured issuer, what a sign-in needs. */
export const checkOpenId = async (source: OpenIdSource): Promise<UpstreamCheck> => {
  try {
    const about = (await createRelyingParties().of(source)).serverMetadata();
    const lacks = (['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const).find(
      name => about[name] === undefined,
    );
    return lacks === undefined ? { ok: true } : { ok: false, problem: 'discovery', detail: `no ${lacks}` };
  } catch (error) {
    return { ok: false, problem: 'discovery', detail: faultOf(error) };
  }
};
