import Router from '@koa/router';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import { say } from '#hub/platform/messages.ts';
import type { Csrf } from '#hub/platform/pages/csrf.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { hasSecondFactor } from '#sso/provider/acr.ts';
import { factsOf } from '#sso/request-facts.ts';
import { sha256Text } from '#sso/sha-256.ts';
import { openSignIn } from '#sso/sign-in/sign-in.ts';
import { linkPerson } from '#sso/upstream/link-person.ts';
import { callbackOf, type Going, keepGoing, newState, takeGoing } from '#sso/upstream/openid/going.ts';
import { judgeFault } from '#sso/upstream/openid/judge-fault.ts';
import type { RelyingParties } from '#sso/upstream/openid/relying-party.ts';
import { addressOf, takeAnswer } from '#sso/upstream/openid/take-answer.ts';
import { findSource } from '#sso/upstream/show-source.ts';
import type { OpenIdSource } from '#sso/upstream/source.ts';
import { faultOf } from '#sso/upstream/source-guard.ts';

interface UpstreamPagesDeps {
  context: PartContext;
  csrf: Csrf;
  parties: RelyingParties;
  provider(): Promise<Provider>;
}

const explain = (ctx: Context, status: number, key: string): void => {
  const { language, requestId } = factsOf(ctx.req);
  answerPage(ctx, 'error', { words: say(language, `upstream.${key}`), reference: requestId }, { status });
};

/** `fed`, and what of a second factor the older sign-on has seen itself. */
const amrOf = (told: string[]): string[] => ['fed', ...told.filter(method => hasSecondFactor([method]))];

/** Reasons for which a session that somebody has is not enough. */
const askAnew = new Set(['login_prompt', 'max_age', 'first_factor']);

/**
 * The way over an older sign-on and back. It starts below the sign-in's own address, where its cookie goes with it: who
 * has not begun a sign-in here cannot be sent there to finish somebody else's.
 */
export const upstreamPages = ({ context, csrf, parties, provider }: UpstreamPagesDeps): Router => {
  const { db, secrets, config, log } = context;
  const router = new Router({ sensitive: true, strict: true });

  const find = async (id: string): Promise<OpenIdSource> => {
    const source = await findSource(context, id);
    if (!source.enabled || source.kind !== 'openid') throw new AppError('not-found');
    return source;
  };

  const refuse = async (
    ctx: Context,
    source: OpenIdSource,
    reason: string,
    staffId?: string,
  ): Promise<void> => {
    const { zone, requestId } = factsOf(ctx.req);
    const subject = `staff/${staffId ?? 'unknown'}`;
    await appendAudit(db, {
      actor: subject,
      action: 'sign-in.refused',
      object: subject,
      detail: { reason, zone, source: source.id },
      requestId,
    });
    explain(ctx, 403, `refused.${reason}`);
  };

  router.get('/interaction/:uid/upstream/:id', async ctx => {
    const source = await find(ctx.params.id!);
    const { interaction, progress } = await openSignIn(ctx, await provider(), csrf.tokenFor);
    const page = `/sso/interaction/${interaction.uid}`;
    const isNext = interaction.prompt.name === 'login' && progress === undefined;
    if (interaction.uid !== ctx.params.uid || !isNext) return seeOther(ctx, page);
    const going: Going = {
      sourceId: source.id,
      uid: interaction.uid,
      state: newState(),
      nonce: newState(),
      verifier: newState(),
      anew: interaction.prompt.reasons.some(reason => askAnew.has(reason)),
    };
    try {
      const address = await addressOf(parties, source, going, config.origin + callbackOf(source.id));
      await (await provider()).interactionResult(ctx.req, ctx.res, { upstream: sha256Text(going.state) });
      keepGoing(ctx, secrets, going, config.origin.startsWith('https:'));
      seeOther(ctx, address.href);
    } catch (error) {
      if (judgeFault(error) === undefined) throw error;
      log.warn({ source: source.id, problem: faultOf(error) }, 'an older sign-on is away');
      explain(ctx, 503, 'away');
    }
  });

  router.get('/upstream/:id/callback', async ctx => {
    const source = await find(ctx.params.id!);
    const going = takeGoing(ctx, secrets, source.id);
    const interaction = going && (await (await provider()).Interaction.find(going.uid));
    const kept = interaction?.result as Record<string, unknown> | undefined;
    if (going === undefined || interaction === undefined || kept?.upstream !== sha256Text(going.state))
      throw new AppError('invalid-request');
    const keep = (result: Record<string, unknown>): Promise<string> => {
      interaction.result = result;
      return interaction.save(Math.max(1, interaction.exp - Math.floor(Date.now() / 1000)));
    };
    // Before anything else: an answer is looked at once.
    await keep({});
    const page = `/sso/interaction/${going.uid}`;
    try {
      const url = new URL(`${callbackOf(source.id)}?${ctx.querystring}`, config.origin);
      const identity = await takeAnswer(parties, source, going, url);
      const { reason, staffId } = await linkPerson(context, source, identity);
      if (reason !== undefined) return refuse(ctx, source, reason, staffId);
      await keep({ progress: { staffId, amr: amrOf(identity.amr) } });
      seeOther(ctx, page);
    } catch (error) {
      const fault = judgeFault(error);
      if (fault === undefined) throw error;
      if (fault === 'given-up') return seeOther(ctx, page);
      log.warn({ source: source.id, problem: faultOf(error) }, 'an older sign-on gave no good answer');
      return fault === 'away' ? explain(ctx, 503, 'away') : refuse(ctx, source, 'bad-answer');
    }
  });

  return router;
};
