import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Database } from '#hub/platform/database.ts';
import { isFactorOld, provenNow } from '#sso/factors/factor-age.ts';
import { listFactors } from '#sso/factors/factor-store.ts';
import { isFresh } from '#sso/factors/fresh-proof.ts';
import { registerOf } from '#sso/provider/find-account.ts';
import type { Demand } from '#sso/provider/sign-in-policy.ts';
import { factsOf } from '#sso/request-facts.ts';
import { readFactorAt } from '#sso/sessions/session-store.ts';
import type { Judge } from '#sso/zones/access.ts';
import type { Refusal, Verdict } from '#sso/zones/judge-access.ts';
import { noteRefusal } from '#sso/zones/note-refusal.ts';
import { readWantedAcr } from '#sso/zones/wanted-acr.ts';

/** What a client hears of a refusal (RFC 6749 §4.1.2.1; Unmet Authentication Requirements 1.0). */
export const refusalError = (reason: Refusal): string =>
  reason === 'unknown-acr' ? 'unmet_authentication_requirements' : 'access_denied';

/** Asks on every authorization whether this session may do this, from here, now. */
export const accessDemands = (judge: Judge, db: Database): { demands: Demand[]; refusals: Demand[] } => {
  const judgeRequest = (ctx: KoaContextWithOIDC): Promise<Verdict> => {
    const { session, client, params } = ctx.oidc;
    const staffId = session?.accountId;
    return judge({
      zone: factsOf(ctx.req).zone,
      client: registerOf(client),
      wanted: readWantedAcr(params ?? {}),
      person: staffId === undefined ? undefined : { staffId, amr: session?.amr ?? [] },
    });
  };
  const isSecondFactorNeeded = async (ctx: KoaContextWithOIDC): Promise<boolean> =>
    (await judgeRequest(ctx)).outcome === 'second-factor';
  const isFactorTooOld = async (ctx: KoaContextWithOIDC): Promise<boolean> => {
    const { session, params } = ctx.oidc;
    if (session?.accountId === undefined) return false;
    const shown = provenNow(ctx.oidc) ?? ((await readFactorAt(db, session.uid))?.getTime() ?? 0) / 1000;
    return isFactorOld(params, shown);
  };
  const refusal = (error: string): Demand => ({
    reason: error,
    description: 'this cannot be opened from here',
    error,
    async isUnmet(ctx) {
      const verdict = await judgeRequest(ctx);
      if (verdict.outcome !== 'refused' || refusalError(verdict.reason) !== error) return false;
      // Nobody will see a page: this is the only place to note it.
      if (ctx.oidc.promptPending('none'))
        await noteRefusal(db, factsOf(ctx.req), {
          verdict,
          clientId: ctx.oidc.client?.clientId,
          staffId: ctx.oidc.session?.accountId,
          at: 'authorization',
        });
      return true;
    },
  });
  return {
    refusals: [refusal('access_denied'), refusal('unmet_authentication_requirements')],
    demands: [
      {
        reason: 'second_factor',
        description: 'a second factor is needed',
        isUnmet: isSecondFactorNeeded,
      },
      {
        reason: 'factor_age',
        description: 'the second factor is needed again',
        isUnmet: isFactorTooOld,
      },
      {
        // Who has none is let set one up: at a browser that was left open that must be the person themselves.
        reason: 'first_factor',
        description: 'the password is needed again before a second factor is set up',
        async isUnmet(ctx) {
          const { accountId, loginTs = 0 } = ctx.oidc.session ?? {};
          if (accountId === undefined || isFresh(loginTs)) return false;
          if (!(await isSecondFactorNeeded(ctx)) && !(await isFactorTooOld(ctx))) return false;
          return (await listFactors(db, accountId)).length === 0;
        },
      },
    ],
  };
};
