import Router from '@koa/router';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { AppError } from '#hub/platform/errors.ts';
import { say } from '#hub/platform/messages.ts';
import type { Csrf } from '#hub/platform/pages/csrf.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { choosePassword } from '#sso/accounts/choose-password.ts';
import { tellRules, tellUnmet } from '#sso/accounts/tell-rules.ts';
import { type Visitor, visitorOf } from '#sso/accounts/visitor.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { readForm } from '#sso/read-form.ts';
import { factsOf } from '#sso/request-facts.ts';
import { checkPassword } from '#sso/sign-in/check-password.ts';
import { noteRefusal, wordsFor } from '#sso/sign-in/note-refusal.ts';

export interface OwnPasswordDeps extends AccountDeps {
  csrf: Csrf;
  bridge: Bridge;
  provider(): Promise<Provider>;
}

/** The page on which people change their own password. Who sits down at a browser left open does not know the old one. */
export const ownPasswordRoutes = (deps: OwnPasswordDeps): Router => {
  const { context, csrf } = deps;
  const router = new Router({ sensitive: true, strict: true });
  const show = (
    ctx: Context,
    { uid, staff }: Visitor,
    { problem, problems = [] }: { problem?: string; problems?: string[] } = {},
  ): void => {
    const { language } = factsOf(ctx.req);
    answerPage(
      ctx,
      'my-password',
      {
        title: say(language, 'accounts.my-password.title'),
        username: staff.username,
        csrf: csrf.tokenFor(uid),
        rules: tellRules(language, context.config.signOn),
        problem,
        problems,
      },
      { status: problem === undefined ? 200 : 422 },
    );
  };

  router.get('/my/password', async ctx => {
    const visitor = await visitorOf(ctx, deps);
    if (visitor !== undefined) show(ctx, visitor);
  });

  router.post('/my/password', async ctx => {
    const visitor = await visitorOf(ctx, deps);
    if (visitor === undefined) return;
    const form = await readForm(ctx.req);
    if (!csrf.matches(visitor.uid, form.csrf)) throw new AppError('invalid-request');
    const { current = '', password = '', repeated = '' } = form;
    const facts = factsOf(ctx.req);
    const { address, language, requestId } = facts;
    const { staff } = visitor;
    const verdict = await checkPassword(deps, { username: staff.username, password: current, address });
    if (verdict.outcome !== 'right') {
      await noteRefusal(context, verdict, facts);
      const { key, params } =
        verdict.outcome === 'wrong' ? { key: 'accounts.my-password.wrong' } : wordsFor(verdict);
      return show(ctx, visitor, { problem: say(language, key, params) });
    }
    const { unmet } = await choosePassword(deps, {
      staff,
      password,
      repeated,
      keep: { session: visitor.uid },
      requestId,
    });
    if (unmet.length > 0)
      return show(ctx, visitor, {
        problem: say(language, 'accounts.rule.unmet'),
        problems: tellUnmet(language, unmet),
      });
    answerPage(ctx, 'account-done', {
      title: say(language, 'accounts.changed.title'),
      words: say(language, 'accounts.changed.words'),
      link: { url: '/', words: say(language, 'accounts.to-apps') },
    });
  });

  return router;
};
