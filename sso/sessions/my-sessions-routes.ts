import Router from '@koa/router';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { AppError } from '#hub/platform/errors.ts';
import { say } from '#hub/platform/messages.ts';
import type { Csrf } from '#hub/platform/pages/csrf.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { signInFor } from '#sso/bridge/sign-in-for.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { readForm } from '#sso/read-form.ts';
import { factsOf } from '#sso/request-facts.ts';
import { describeAgent } from '#sso/sessions/describe-agent.ts';
import { endAllOf, endSessions } from '#sso/sessions/end-sessions.ts';
import { maskAddress } from '#sso/sessions/mask-address.ts';
import type { SessionRow } from '#sso/sessions/session.ts';
import { readOpenUids, readSessions } from '#sso/sessions/session-store.ts';
import { type BrowserSession, sessionOf } from '#sso/sessions/signed-in.ts';

interface MySessionsDeps {
  context: PartContext;
  bridge: Bridge;
  csrf: Csrf;
  provider(): Promise<Provider>;
}

const page = '/sso/my/sessions';
const mostShown = 200;

/** `/sso/my/sign-out`, and `/sso/my/sessions`: where I am signed in, and the means to end it. */
export const mySessionsRoutes = ({ context, bridge, csrf, provider }: MySessionsDeps): Router => {
  const { db, call } = context;
  const router = new Router({ sensitive: true, strict: true });

  const signedOut = async (ctx: Context): Promise<void> => {
    ctx.cookies.set((await provider()).cookieName('session'), null, { signed: true, path: '/' });
    seeOther(ctx, '/sso/session/end/success');
  };

  /** Who sent the form; undefined: nobody is signed in here any more. */
  const senderOf = async (ctx: Context, form: Record<string, string>) => {
    const session = await sessionOf(await provider(), ctx);
    if (session !== undefined && !csrf.matches(session.uid, form.csrf)) throw new AppError('invalid-request');
    return session;
  };

  const show = async (ctx: Context, mine: BrowserSession): Promise<void> => {
    const { language } = factsOf(ctx.req);
    const [sessions, apps] = await Promise.all([
      readSessions(db, mine.staffId, { openOnly: true, limit: mostShown }),
      call('apps.list', {}),
    ]);
    const names = new Map(apps.map(({ id, name }) => [id, name]));
    const time = new Intl.DateTimeFormat(language, {
      dateStyle: 'short',
      timeStyle: 'short',
      timeZone: 'Asia/Ho_Chi_Minh',
    });
    const draw = ({ uid, startedAt, seenAt, zone, address, agent, apps: opened }: SessionRow) => {
      const { browser, system } = describeAgent(agent);
      return {
        uid,
        isThis: uid === mine.uid,
        since: time.format(startedAt),
        seen: time.format(seenAt),
        where: say(language, `sessions.zone.${zone}`, { address: maskAddress(address) }),
        agent:
          browser === undefined
            ? say(language, 'sessions.agent.unknown')
            : system === undefined
              ? browser
              : say(language, 'sessions.agent.known', { browser, system }),
        apps: [...new Set(opened.map(({ appId, clientId }) => names.get(appId ?? '') ?? clientId))],
      };
    };
    answerPage(ctx, 'my-sessions', {
      title: say(language, 'sessions.title'),
      sessions: sessions.map(draw).sort((a, b) => Number(b.isThis) - Number(a.isThis)),
      csrf: csrf.tokenFor(mine.uid),
    });
  };

  router.get('/my/sessions', async ctx => {
    const mine = await sessionOf(await provider(), ctx);
    if (mine !== undefined) return show(ctx, mine);
    signInFor(bridge, ctx, page);
  });

  router.post('/my/sessions', async ctx => {
    const form = await readForm(ctx.req);
    const mine = await senderOf(ctx, form);
    if (mine === undefined) return seeOther(ctx, page);
    const { staffId, uid } = mine;
    const { requestId } = factsOf(ctx.req);
    const ending = { reason: 'revoked', actor: `staff/${staffId}`, requestId } as const;
    if (form.end === 'all') {
      await endAllOf(context, staffId, ending);
      return signedOut(ctx);
    }
    // One's own alone: what the form names is sought among them.
    const open = await readOpenUids(db, staffId);
    const wanted = open.filter(one => (form.end === 'others' ? one !== uid : one === form.end));
    const isThis = wanted.includes(uid);
    await endSessions(context, wanted, isThis ? { ...ending, reason: 'signed-out' } : ending);
    if (isThis) return signedOut(ctx);
    seeOther(ctx, page);
  });

  router.post('/my/sign-out', async ctx => {
    const session = await senderOf(ctx, await readForm(ctx.req));
    if (session !== undefined)
      await endSessions(context, [session.uid], { reason: 'signed-out', actor: `staff/${session.staffId}` });
    await signedOut(ctx);
  });

  return router;
};
