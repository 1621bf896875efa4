import type { Database } from '#hub/platform/database.ts';
import type { Log } from '#hub/platform/log.ts';
import { say } from '#hub/platform/messages.ts';
import { endWith, type SignIn, type Step } from '#sso/sign-in/sign-in.ts';
import type { Judge } from '#sso/zones/access.ts';
import { refusalError } from '#sso/zones/demands.ts';
import { noteRefusal } from '#sso/zones/note-refusal.ts';
import { readWantedAcr } from '#sso/zones/wanted-acr.ts';

/** Judges a sign-in by what has been proven so far. */
export const judgeSignIn = (judge: Judge, { facts, client, interaction, progress }: SignIn) =>
  judge({ zone: facts.zone, client, wanted: readWantedAcr(interaction.params), person: progress });

/**
 * Ends what no sign-in can mend: the page says why and what to do, and the only way on leads back to the app, which hears
 * that it was refused and does not begin anew.
 */
export const createAccessStep = ({ judge, db, log }: { judge: Judge; db: Database; log: Log }): Step => {
  const reasonOf = async (signIn: SignIn) => {
    const verdict = await judgeSignIn(judge, signIn);
    return verdict.outcome === 'refused' ? verdict.reason : undefined;
  };
  return {
    name: 'access',
    isDue: async signIn => (await reasonOf(signIn)) !== undefined,
    async show(signIn) {
      const { facts, client, progress } = signIn;
      const reason = (await reasonOf(signIn))!;
      if (progress === undefined)
        log.debug({ requestId: facts.requestId, reason, zone: facts.zone }, 'a stranger was refused');
      await noteRefusal(db, facts, {
        verdict: { outcome: 'refused', reason },
        clientId: client?.clientId,
        staffId: progress?.staffId,
        at: 'sign-in',
      });
      signIn.show('refused', {
        title: say(facts.language, 'factors.refused.title'),
        words: say(facts.language, `factors.refused.${reason}`),
        remedy: say(facts.language, `factors.refused.do-${reason === 'unknown-acr' ? 'tell' : 'come'}`),
        reference: facts.requestId,
        signedIn: progress !== undefined,
      });
      signIn.ctx.status = 403;
    },
    async take(signIn) {
      const reason = (await reasonOf(signIn))!;
      await endWith(signIn, refusalError(reason), `refused: ${reason}`);
      return undefined;
    },
  };
};
