import { say } from '#hub/platform/messages.ts';
import { enrolFactor, offerFactors } from '#sso/factors/enrol-factor.ts';
import { isFactorOld } from '#sso/factors/factor-age.ts';
import type { FactorDeps } from '#sso/factors/factor-deps.ts';
import { listFactors, readPasskeys } from '#sso/factors/factor-store.ts';
import { isFresh, setUpSeconds } from '#sso/factors/fresh-proof.ts';
import { offerPasskeys } from '#sso/factors/passkeys.ts';
import { countRecoveryCodes } from '#sso/factors/recovery-code-store.ts';
import { verifyFactor } from '#sso/factors/verify-factor.ts';
import { readFactorAt } from '#sso/sessions/session-store.ts';
import { judgeSignIn } from '#sso/sign-in/access-step.ts';
import { endWith, keepProgress, type Progress, type SignIn, type Step } from '#sso/sign-in/sign-in.ts';
import type { Judge } from '#sso/zones/access.ts';

type Problem = { key: string; params?: Record<string, string | number> };
type Form = Record<string, string>;

/** What is proven once a second factor was shown: surer, and the rest of it as old as before. */
const withFactor = ({ staffId, amr, since }: Progress, method: string): Progress => ({
  staffId,
  amr: [...new Set([...amr, method])],
  since,
  factorAt: Math.floor(Date.now() / 1000),
});

/**
 * A second factor, where this sign-in needs one: whichever the person has. Who has none sets one up, on the province's
 * network alone: from the Internet a password that was found out would be enough for that.
 */
export const createSecondFactorStep = ({ judge, factors }: { judge: Judge; factors: FactorDeps }): Step => {
  const { db, secrets, relyingParty } = factors;

  const titled = ({ facts, show }: SignIn, page: Parameters<SignIn['show']>[0]) => {
    const title = say(facts.language, `factors.${page}.title`);
    return (values: object = {}, problem?: Problem) =>
      show(page, { title, step: 'second-factor', back: undefined, ...values }, problem);
  };
  const showEnrolment = async (signIn: SignIn, staffId: string, form: Form = {}, problem?: Problem) =>
    titled(signIn, 'factor-add')(
      { demanded: true, ...(await offerFactors(factors, { staffId, owner: signIn.interaction.uid, form })) },
      problem,
    );

  const showChoice = async (signIn: SignIn, staffId: string, problem?: Problem): Promise<void> => {
    const { uid: owner } = signIn.interaction;
    const known = await readPasskeys(db, staffId);
    const kinds = new Set((await listFactors(db, staffId)).map(({ kind }) => kind));
    const passkey =
      relyingParty && known.length > 0
        ? JSON.stringify(await offerPasskeys({ secrets, relyingParty }, { owner, known }))
        : undefined;
    const left = await countRecoveryCodes(db, staffId);
    titled(signIn, 'second-factor')({ totp: kinds.has('totp'), passkey, left }, problem);
  };

  /** Whether this sign-in wants a second factor, or a younger one than was shown before. */
  const isWanted = async (signIn: SignIn, progress: Progress): Promise<boolean> => {
    if ((await judgeSignIn(judge, signIn)).outcome === 'second-factor') return true;
    const { params, session } = signIn.interaction;
    const { known, factorAt } = progress;
    const before = known && session !== undefined ? await readFactorAt(db, session.uid) : undefined;
    return isFactorOld(params, factorAt ?? (before && before.getTime() / 1000));
  };

  const enrol = async (signIn: SignIn, progress: Progress, form: Form): Promise<Progress | undefined> => {
    const { interaction, facts } = signIn;
    if (facts.zone === 'internet') {
      await endWith(signIn, 'access_denied', 'no second factor has been set up');
      return undefined;
    }
    const { staffId } = progress;
    const enrolment = await enrolFactor(factors, { staffId, owner: interaction.uid, form, facts });
    if (enrolment.outcome !== 'added') {
      await showEnrolment(signIn, staffId, form, { key: `factors.${enrolment.outcome}` });
      return undefined;
    }
    const proven = withFactor(progress, enrolment.method);
    if (enrolment.codes === undefined) return proven;
    await keepProgress(signIn, proven);
    titled(signIn, 'recovery-codes')({ codes: enrolment.codes });
    return undefined;
  };

  return {
    name: 'second-factor',
    async isDue(signIn) {
      const { progress } = signIn;
      if (progress === undefined || !(await isWanted(signIn, progress))) return false;
      const { known, since = 0, staffId } = progress;
      if (!known || isFresh(since, setUpSeconds)) return true;
      // Who has none must show the password first; the authorization asks for it when it goes on.
      return (await listFactors(db, staffId)).length > 0;
    },
    async show(signIn) {
      const { staffId } = signIn.progress!;
      if ((await listFactors(db, staffId)).length > 0) return showChoice(signIn, staffId);
      if (signIn.facts.zone === 'wan') return showEnrolment(signIn, staffId);
      titled(signIn, 'factor-missing')();
    },
    async take(signIn, form) {
      const { interaction, facts } = signIn;
      const progress = signIn.progress!;
      const { staffId } = progress;
      if ((await listFactors(db, staffId)).length === 0) return enrol(signIn, progress, form);
      const verdict = await verifyFactor(factors, { staffId, owner: interaction.uid, form, facts });
      if (verdict.outcome !== 'right') {
        const problem =
          verdict.outcome === 'wrong'
            ? { key: form.kind === 'passkey' ? 'factors.no-passkey' : 'factors.wrong' }
            : { key: 'factors.wait', params: { minutes: Math.ceil(verdict.seconds / 60) } };
        await showChoice(signIn, staffId, problem);
        return undefined;
      }
      const proven = withFactor(progress, verdict.method);
      if (verdict.kind !== 'recovery') return proven;
      await keepProgress(signIn, proven);
      titled(signIn, 'recovery-used')({ left: await countRecoveryCodes(db, staffId) });
      return undefined;
    },
  };
};
