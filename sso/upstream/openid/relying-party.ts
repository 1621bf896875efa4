import * as oidc from 'openid-client';
import type { OpenIdSource } from '#sso/upstream/source.ts';
import { faultOf, UpstreamAway } from '#sso/upstream/source-guard.ts';

/** Ourselves as clients of the older sign-ons. */
export interface RelyingParties {
  /**
   * A client of the source, from its discovery document (kept for ten minutes). Its tokens' signatures are checked.
   *
   * @throws {UpstreamAway}
   */
  of(source: OpenIdSource): Promise<oidc.Configuration>;
}

const keptMs = 600_000;
const answerSeconds = 3;

const discover = async ({ settings }: OpenIdSource): Promise<oidc.Configuration> => {
  const insecure = settings.issuer.startsWith('http:');
  try {
    return await oidc.discovery(
      new URL(settings.issuer),
      settings.clientId,
      undefined,
      oidc.ClientSecretBasic(settings.clientSecret),
      {
        timeout: answerSeconds,
        execute: [oidc.enableNonRepudiationChecks, ...(insecure ? [oidc.allowInsecureRequests] : [])],
      },
    );
  } catch (error) {
    throw new UpstreamAway(faultOf(error));
  }
};

export const createRelyingParties = (now: () => number = () => performance.now()): RelyingParties => {
  const kept = new Map<string, { revision: string; at: number; party: oidc.Configuration }>();
  return {
    async of(source) {
      const known = kept.get(source.id);
      if (known?.revision === source.revision && now() - known.at < keptMs) return known.party;
      const party = await discover(source);
      kept.set(source.id, { revision: source.revision, at: now(), party });
      return party;
    },
  };
};
