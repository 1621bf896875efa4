import Router from '@koa/router';
import type { Context } from 'koa';
import { AppError } from '#hub/platform/errors.ts';
import { say } from '#hub/platform/messages.ts';
import type { Csrf } from '#hub/platform/pages/csrf.ts';
import type { AccountDeps } from '#sso/accounts/account-deps.ts';
import { formOwnerOf } from '#sso/accounts/form-owner.ts';
import { tellRules, tellUnmet } from '#sso/accounts/tell-rules.ts';
import { type Activated, useActivation } from '#sso/accounts/use-activation.ts';
import { waitWords } from '#sso/accounts/wait-words.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { readForm } from '#sso/read-form.ts';
import { factsOf } from '#sso/request-facts.ts';

const wordsFor = (ctx: Context, result: Exclude<Activated, { outcome: 'done' }>): string => {
  const { language } = factsOf(ctx.req);
  if (result.outcome === 'unmet') return say(language, 'accounts.rule.unmet');
  if (result.outcome === 'wrong') return say(language, 'accounts.activate.wrong');
  const { key, params } = waitWords(result.outcome, result.seconds);
  return say(language, key, params);
};

/** Pages for who has no password that works: with a code they choose one; without, they read where to get a code. */
export const activationRoutes = (deps: AccountDeps & { csrf: Csrf }): Router => {
  const { context, csrf } = deps;
  const router = new Router({ sensitive: true, strict: true });
  const show = (ctx: Context, values: Record<string, unknown>, status = 200): void => {
    const { language } = factsOf(ctx.req);
    answerPage(
      ctx,
      'activate',
      {
        title: say(language, 'accounts.activate.title'),
        csrf: csrf.tokenFor(formOwnerOf(ctx, context.config.origin)),
        rules: tellRules(language, context.config.signOn),
        ...values,
      },
      { status },
    );
  };

  router.get('/activate', ctx => {
    const { name, code } = ctx.query;
    show(ctx, { username: name, code });
  });

  router.post('/activate', async ctx => {
    const form = await readForm(ctx.req);
    if (!csrf.matches(formOwnerOf(ctx, context.config.origin), form.csrf))
      throw new AppError('invalid-request');
    const { username = '', code = '', password = '', repeated = '' } = form;
    const facts = factsOf(ctx.req);
    const { language } = facts;
    const result = await useActivation(deps, { username, code, password, repeated }, facts);
    if (result.outcome === 'done')
      return answerPage(ctx, 'account-done', {
        title: say(language, 'accounts.activated.title'),
        words: say(language, 'accounts.activated.words'),
        link: { url: '/', words: say(language, 'accounts.to-sign-in') },
      });
    const problems = result.outcome === 'unmet' ? tellUnmet(language, result.unmet) : [];
    show(ctx, { username, code, problem: wordsFor(ctx, result), problems }, 422);
  });

  router.get('/forgotten', ctx =>
    answerPage(ctx, 'forgotten', { title: say(factsOf(ctx.req).language, 'accounts.forgotten.title') }),
  );

  return router;
};
