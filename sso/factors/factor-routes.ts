import Router from '@koa/router';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { say } from '#hub/platform/messages.ts';
import type { Csrf } from '#hub/platform/pages/csrf.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { signInFor } from '#sso/bridge/sign-in-for.ts';
import { cleanName } from '#sso/factors/clean-name.ts';
import { enrolFactor, offerFactors } from '#sso/factors/enrol-factor.ts';
import type { FactorDeps } from '#sso/factors/factor-deps.ts';
import { listFactors, renameFactor } from '#sso/factors/factor-store.ts';
import { setUpSeconds } from '#sso/factors/fresh-proof.ts';
import { isProven } from '#sso/factors/prove-again.ts';
import { countRecoveryCodes } from '#sso/factors/recovery-code-store.ts';
import { makeRecoveryCodes } from '#sso/factors/recovery-codes.ts';
import { removeOneFactor } from '#sso/factors/remove-factors.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import type { PageName } from '#sso/pages/render-page.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { readForm } from '#sso/read-form.ts';
import { factsOf } from '#sso/request-facts.ts';
import { type BrowserSession, sessionOf } from '#sso/sessions/signed-in.ts';

const list = '/sso/my/factors';

/** `/sso/my/factors`: a person's own second factors. What changes them needs a fresh proof, with a factor if there is one. */
export const factorRoutes = ({
  factors,
  bridge,
  csrf,
  provider,
}: {
  factors: FactorDeps;
  bridge: Bridge;
  csrf: Csrf;
  provider(): Promise<Provider>;
}): Router => {
  const { db, secrets } = factors;
  const router = new Router({ sensitive: true, strict: true });
  const deps = { bridge, db };

  /** The session; undefined: nobody is signed in, and the answer leads to where they can. */
  const signedIn = async (ctx: Context): Promise<BrowserSession | undefined> => {
    const session = await sessionOf(await provider(), ctx);
    if (session === undefined) signInFor(bridge, ctx, list);
    return session;
  };

  /** The session and the form that was drawn for it; undefined: answered. @throws {AppError} `invalid-request` */
  const posted = async (ctx: Context) => {
    const session = await signedIn(ctx);
    if (session === undefined) return undefined;
    const form = await readForm(ctx.req);
    if (!csrf.matches(session.uid, form.csrf)) throw new AppError('invalid-request');
    return { session, form };
  };
  const show = (
    ctx: Context,
    page: PageName,
    session: BrowserSession,
    values: object,
    status = 200,
  ): void => {
    const title = say(factsOf(ctx.req).language, `factors.${page}.title`);
    const common = {
      title,
      action: `/sso${ctx.path}`,
      csrf: csrf.tokenFor(session.uid),
      step: '',
    };
    answerPage(ctx, page, { ...common, back: list, ...values }, { status });
  };
  const showAdd = async (ctx: Context, session: BrowserSession, form = {}, problem?: string) => {
    const { staffId, uid: owner } = session;
    const offered = await offerFactors(factors, { staffId, owner, form });
    const words = problem && say(factsOf(ctx.req).language, `factors.${problem}`);
    show(ctx, 'factor-add', session, { ...offered, demanded: false, problem: words }, problem ? 422 : 200);
  };

  router.get('/my/factors', async ctx => {
    const session = await signedIn(ctx);
    if (session === undefined) return;
    const { language } = factsOf(ctx.req);
    const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'Asia/Ho_Chi_Minh' });
    const held = (await listFactors(db, session.staffId)).map(factor => ({
      ...factor,
      added: date.format(factor.addedAt),
      used: factor.usedAt && date.format(factor.usedAt),
    }));
    show(ctx, 'factors', session, { factors: held, left: await countRecoveryCodes(db, session.staffId) });
  });

  router.get('/my/factors/add', async ctx => {
    const session = await signedIn(ctx);
    if (session === undefined) return;
    if (await isProven(deps, ctx, session, { returnTo: `${list}/add` })) await showAdd(ctx, session);
  });

  router.post('/my/factors/add', async ctx => {
    const came = await posted(ctx);
    if (came === undefined) return;
    const { session, form } = came;
    if (!(await isProven(deps, ctx, session, { seconds: setUpSeconds, returnTo: `${list}/add` }))) return;
    const { staffId, uid: owner } = session;
    const enrolment = await enrolFactor(factors, { staffId, owner, form, facts: factsOf(ctx.req) });
    if (enrolment.outcome !== 'added') return showAdd(ctx, session, form, enrolment.outcome);
    if (enrolment.codes === undefined) return seeOther(ctx, list);
    show(ctx, 'recovery-codes', session, { codes: enrolment.codes });
  });

  router.post('/my/factors/rename', async ctx => {
    const came = await posted(ctx);
    if (came === undefined) return;
    const { id = '' } = came.form;
    const name = cleanName(came.form.name);
    if (name !== undefined) await renameFactor(db, { staffId: came.session.staffId, id, name });
    seeOther(ctx, list);
  });

  router.post('/my/factors/remove', async ctx => {
    const came = await posted(ctx);
    if (came === undefined) return;
    const { session, form } = came;
    if (!(await isProven(deps, ctx, session, { returnTo: list }))) return;
    const { requestId } = factsOf(ctx.req);
    await removeOneFactor(db, { staffId: session.staffId, id: form.id ?? '', requestId });
    seeOther(ctx, list);
  });

  router.post('/my/factors/codes', async ctx => {
    const came = await posted(ctx);
    if (came === undefined) return;
    const { session } = came;
    if (!(await isProven(deps, ctx, session, { returnTo: list }))) return;
    const { staffId } = session;
    const { requestId, zone } = factsOf(ctx.req);
    const codes = await inTransaction(db, async tx => {
      if ((await listFactors(tx, staffId)).length === 0) return undefined;
      const subject = { actor: `staff/${staffId}`, object: `staff/${staffId}`, requestId };
      await appendAudit(tx, { ...subject, action: 'factor.added', detail: { kind: 'recovery', zone } });
      return makeRecoveryCodes(tx, secrets, staffId);
    });
    if (codes === undefined) return seeOther(ctx, list);
    show(ctx, 'recovery-codes', session, { codes });
  });

  return router;
};
