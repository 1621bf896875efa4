import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { say } from '#hub/platform/messages.ts';
import type { SignOnClient } from '#schemas/sign-on.ts';
import type { PasswordRow } from '#sso/accounts/password-store.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import type { PageName } from '#sso/pages/render-page.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { registerOf } from '#sso/provider/find-account.ts';
import { factsOf, type RequestFacts } from '#sso/request-facts.ts';
import { formTargetsOf } from '#sso/sign-in/form-targets.ts';
import { keepResult } from '#sso/sign-in/keep-result.ts';

export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** What has been proven so far. Kept with the sign-in under way; nobody is signed in before the last step. */
export interface Progress {
  staffId: string;
  /** How (RFC 8176): `pwd`, then `otp`, `hwk`, ... */
  amr: string[];
  /** All of it is the session's; nothing was proven now. */
  known?: true;
  /**
   * When the session was proven that this went on from, seconds since 1970: a second factor makes it surer, not younger.
   * Undefined: everything is proven now.
   */
  since?: number | undefined;
  /** When a second factor was proven in this sign-in, seconds since 1970. */
  factorAt?: number;
}

/** One sign-in under way, as its steps see it. */
export interface SignIn {
  ctx: Context;
  provider: Provider;
  interaction: Interaction;
  facts: RequestFacts;
  /** The client that asked, as the apps register knows it. */
  client: SignOnClient | undefined;
  /** Undefined before the first step. */
  progress: Progress | undefined;
  /** The password's row as this request has read it; the steps after need not read it again. */
  read: { password?: PasswordRow };
  /** Answers with a step's page; its form posts back to that step. `problem` is a key of messages, told above the form. */
  show(
    page: PageName,
    values?: Record<string, unknown>,
    problem?: { key: string; params?: Record<string, string | number> },
  ): void;
}

/** One thing that a person does to sign in. */
export interface Step {
  name: string;
  isDue(signIn: SignIn): Promise<boolean> | boolean;
  show(signIn: SignIn): Promise<void> | void;
  /** What is proven after the form; undefined: it has answered itself, with a problem. */
  take(signIn: SignIn, form: Record<string, string>): Promise<Progress | undefined>;
}

/** Reasons for which somebody who is signed in already need not begin with the password again. */
const mayGoOn = new Set([
  'second_factor',
  'factor_age',
  'access_denied',
  'unmet_authentication_requirements',
]);

/** What is proven at the beginning: what the last step kept, or the session when more is asked of who has one. */
const readProgress = async (
  provider: Provider,
  { lastSubmission, result, session, prompt }: Interaction,
): Promise<Progress | undefined> => {
  const kept = (result ?? lastSubmission)?.progress as Progress | undefined;
  if (kept !== undefined) return kept;
  if (session?.accountId === undefined || !prompt.reasons.every(reason => mayGoOn.has(reason)))
    return undefined;
  const { loginTs: since } = (await provider.Session.findByUid(session.uid)) ?? {};
  if (since === undefined) return undefined;
  return { staffId: session.accountId, amr: session.amr ?? [], known: true, since };
};

/** Keeps what is proven with the sign-in; its cookie's owner alone can go on with it. */
export const keepProgress = async ({ interaction }: SignIn, progress: Progress): Promise<void> => {
  await keepResult(interaction, { progress });
};

/** Ends the sign-in without anybody signed in: the client that asked hears the error. */
export const endWith = async (
  { ctx, interaction }: SignIn,
  error: string,
  description: string,
): Promise<void> => {
  const result = { error, error_description: description };
  const returnTo = await keepResult(interaction, result);
  seeOther(ctx, returnTo);
};

export const openSignIn = async (
  ctx: Context,
  provider: Provider,
  csrfFor: (owner: string) => string,
): Promise<SignIn> => {
  const interaction = await provider.interactionDetails(ctx.req, ctx.res);
  const found = await provider.Client.find(String(interaction.params.client_id));
  const client = registerOf(found);
  const facts = factsOf(ctx.req);
  const formTargets = formTargetsOf(found?.redirectUris ?? [], client);
  return {
    ctx,
    provider,
    interaction,
    facts,
    client,
    progress: await readProgress(provider, interaction),
    read: {},
    show(page, values = {}, problem) {
      answerPage(
        ctx,
        page,
        {
          appName: client?.app?.name,
          action: `/sso/interaction/${interaction.uid}`,
          csrf: csrfFor(interaction.uid),
          problem: problem && say(facts.language, problem.key, problem.params),
          ...values,
        },
        { status: problem === undefined ? 200 : 422, formTargets },
      );
    },
  };
};
