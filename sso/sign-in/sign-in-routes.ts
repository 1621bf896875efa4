import Router from '@koa/router';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { AppError } from '#hub/platform/errors.ts';
import type { Csrf } from '#hub/platform/pages/csrf.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { acrOf } from '#sso/provider/acr.ts';
import { readForm } from '#sso/read-form.ts';
import { answerConsent, showConsent } from '#sso/sign-in/consent.ts';
import { keepResult } from '#sso/sign-in/keep-result.ts';
import { keepProgress, openSignIn, type Progress, type SignIn, type Step } from '#sso/sign-in/sign-in.ts';

/** The first step that is still to be done; undefined: the sign-in is complete. */
const findStep = async (steps: Step[], signIn: SignIn): Promise<Step | undefined> => {
  for (const step of steps) if (await step.isDue(signIn)) return step;
  return undefined;
};

/**
 * Signs in who has done all steps, and goes back to the client that asked. A session that this went on from stays as old as
 * it was, also when nothing was asked of it (its person came back to the province's network meanwhile).
 */
const finish = async (
  { ctx, interaction }: SignIn,
  { staffId, amr, known, since, factorAt }: Progress,
): Promise<void> => {
  const login = { accountId: staffId, amr, acr: acrOf(amr), remember: false, ts: since };
  seeOther(ctx, await keepResult(interaction, known ? {} : { login, factorAt }));
};

/**
 * The pages between an app's request and its answer, one step after the other: who are you, prove it as far as this
 * needs, and (for software of third parties) may it know.
 */
export const signInRoutes = (deps: { csrf: Csrf; steps: Step[]; provider(): Promise<Provider> }): Router => {
  const { csrf, steps } = deps;
  const router = new Router({ sensitive: true, strict: true });
  const open = async (ctx: Context): Promise<SignIn> => openSignIn(ctx, await deps.provider(), csrf.tokenFor);

  router.get('/interaction/:uid', async ctx => {
    const signIn = await open(ctx);
    if (signIn.interaction.prompt.name === 'consent') return showConsent(signIn);
    const step = await findStep(steps, signIn);
    if (step !== undefined) await step.show(signIn);
    else await finish(signIn, signIn.progress!);
  });

  router.post('/interaction/:uid', async ctx => {
    const signIn = await open(ctx);
    const form = await readForm(ctx.req);
    if (!csrf.matches(signIn.interaction.uid, form.csrf)) throw new AppError('invalid-request');
    if (signIn.interaction.prompt.name === 'consent') return answerConsent(signIn, form.answer === 'yes');
    const step = await findStep(steps, signIn);
    if (step === undefined) return finish(signIn, signIn.progress!);
    // A page of an earlier step, sent again: show what is due now.
    if (form.step !== undefined && form.step !== step.name) return step.show(signIn);
    const progress = await step.take(signIn, form);
    if (progress === undefined) return;
    const next = await findStep(steps, { ...signIn, progress });
    if (next === undefined) return finish(signIn, progress);
    await keepProgress(signIn, progress);
    seeOther(ctx, `/sso/interaction/${signIn.interaction.uid}`);
  });

  return router;
};
