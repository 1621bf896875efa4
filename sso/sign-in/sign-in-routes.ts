import Router from '@koa/router';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { PasswordHasher } from '#sso/accounts/hash-password.ts';
import type { Csrf } from '#sso/csrf.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { registerOf } from '#sso/provider/find-account.ts';
import { readForm } from '#sso/read-form.ts';
import { factsOf } from '#sso/request-facts.ts';
import { checkPassword } from '#sso/sign-in/check-password.ts';
import { answerConsent, showConsent } from '#sso/sign-in/consent.ts';

export interface SignInDeps {
  context: PartContext;
  hasher: PasswordHasher;
  csrf: Csrf;
  provider(): Promise<Provider>;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Where the forms of a sign-in lead at last: the client's own address, and the origins of its app. */
const formTargets = async (provider: Provider, { params }: Interaction): Promise<string[]> => {
  const client = await provider.Client.find(String(params.client_id));
  const { app } = registerOf(client) ?? {};
  const urls = [
    ...(client?.redirectUris ?? []),
    ...(app?.signOn?.cas?.services ?? []),
    ...(app?.signOn?.forwardAuth?.origins ?? []),
    ...(app?.signOn?.preauth ? [app.signOn.preauth.url] : []),
  ];
  return [...new Set(urls.map(url => new URL(url).origin))];
};

/** The pages between an app's request and its answer: who are you, and may it know. */
export const signInRoutes = (deps: SignInDeps): Router => {
  const { context, csrf } = deps;
  const router = new Router();

  const open = async (ctx: Context): Promise<{ provider: Provider; interaction: Interaction }> => {
    const provider = await deps.provider();
    const interaction = await provider.interactionDetails(ctx.req, ctx.res);
    return { provider, interaction };
  };
  const readOwnForm = async (ctx: Context, owner: string): Promise<Record<string, string>> => {
    const form = await readForm(ctx.req);
    if (!csrf.matches(owner, form.csrf)) throw new AppError('invalid-request');
    return form;
  };

  const showSignIn = async (
    ctx: Context,
    { provider, interaction }: { provider: Provider; interaction: Interaction },
    again: { username?: string; problem?: string } = {},
  ): Promise<void> => {
    const client = await provider.Client.find(String(interaction.params.client_id));
    answerPage(
      ctx,
      'sign-in',
      {
        appName: registerOf(client)?.app?.name,
        action: `/sso/interaction/${interaction.uid}`,
        csrf: csrf.tokenFor(interaction.uid),
        username: again.username ?? interaction.params.login_hint,
        problem: again.problem && say(factsOf(ctx.req).language, `sso.sign-in.${again.problem}`),
      },
      {
        status: again.problem === undefined ? 200 : 422,
        formTargets: await formTargets(provider, interaction),
      },
    );
  };

  router.get('/interaction/:uid', async ctx => {
    const opened = await open(ctx);
    if (opened.interaction.prompt.name === 'consent')
      return showConsent(ctx, opened.provider, opened.interaction, csrf);
    await showSignIn(ctx, opened);
  });

  router.post('/interaction/:uid', async ctx => {
    const opened = await open(ctx);
    const { provider, interaction } = opened;
    const form = await readOwnForm(ctx, interaction.uid);
    if (interaction.prompt.name === 'consent')
      return answerConsent(ctx, provider, interaction, form.answer === 'yes');
    const { username = '', password = '' } = form;
    const verdict = await checkPassword(
      { call: context.call, db: context.db, hasher: deps.hasher },
      { username, password },
    );
    const { requestId, zone } = factsOf(ctx.req);
    if (verdict.outcome !== 'right') {
      const who = verdict.outcome === 'barred' ? verdict.staff.id : verdict.staffId;
      await appendAudit(context.db, {
        actor: who === undefined ? 'unknown' : `staff/${who}`,
        action: 'sign-in.refused',
        object: who === undefined ? 'staff/unknown' : `staff/${who}`,
        detail: { reason: verdict.outcome, zone },
        requestId,
      });
      return showSignIn(ctx, opened, { username, problem: verdict.outcome });
    }
    await provider
      .interactionResult(ctx.req, ctx.res, {
        login: {
          accountId: verdict.staff.id,
          acr: 'urn:lienthong:acr:password',
          amr: ['pwd'],
          remember: false,
        },
      })
      .then(returnTo => {
        ctx.status = 303;
        ctx.redirect(returnTo);
      });
  });

  return router;
};
