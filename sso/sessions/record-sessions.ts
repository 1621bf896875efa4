import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { PartContext } from '#hub/platform/part.ts';
import { pagesClient } from '#sso/bridge/own-clients.ts';
import { provenNow } from '#sso/factors/factor-age.ts';
import { answerError } from '#sso/pages/answer-error.ts';
import { registerOf, unitsOf } from '#sso/provider/find-account.ts';
import { factsOf } from '#sso/request-facts.ts';
import type { OpenedApp } from '#sso/sessions/session.ts';
import { touchSession } from '#sso/sessions/session-store.ts';
import { startSession } from '#sso/sessions/start-session.ts';

type Oidc = KoaContextWithOIDC['oidc'];

/** Where the provider signs people in or opens an app for who is. */
const routes = new Set(['authorization', 'resume', 'code_verification', 'device_resume']);
const longestAgent = 300;

/** The app that this answer opens; undefined: none yet, or a page of ours. */
const openedApp = ({ client, entities, session }: Oidc): OpenedApp | undefined => {
  const { AuthorizationCode: code, DeviceCode: device } = entities as Record<string, { accountId?: string }>;
  const opens = code !== undefined || device?.accountId !== undefined;
  if (!opens || client === undefined || client.clientId === pagesClient) return undefined;
  return {
    clientId: client.clientId,
    appId: registerOf(client)?.app?.id,
    sid: session?.sidFor(client.clientId),
  };
};

/** What became of the session that this answer signs in or opens an app for; undefined: it does neither. */
const record = async (context: PartContext, ctx: Context): Promise<'open' | 'ended' | undefined> => {
  const oidc = (ctx as Partial<KoaContextWithOIDC>).oidc;
  const { session, account } = oidc ?? {};
  if (oidc === undefined || !routes.has(oidc.route)) return undefined;
  if (session?.accountId === undefined || account === undefined) return undefined;
  const { uid, accountId: staffId, amr = [] } = session;
  const app = openedApp(oidc);
  const factorAt = provenNow(oidc);
  // Who has just signed in has a session of a new name, mostly: nothing is sought that is not there.
  const state = oidc.result?.login ? 'unknown' : await touchSession(context.db, { uid, amr, factorAt, app });
  if (state !== 'unknown') return state;
  const { zone, address } = factsOf(ctx.req);
  const agent = ctx.get('user-agent').slice(0, longestAgent);
  const started = await startSession(context, {
    uid,
    staffId,
    zone,
    address,
    agent,
    amr,
    factorAt,
    units: unitsOf(account),
    app,
  });
  return started ? 'open' : 'ended';
};

/**
 * Writes every sign-in, and each app that it opens, before the browser is answered. One statement for the second app; a
 * session that has ended meanwhile opens nothing, and neither does one that cannot be written.
 */
export const recordSessions =
  (context: PartContext): Middleware =>
  async (ctx, next) => {
    await next();
    const state = await record(context, ctx).catch((error: unknown) => {
      ctx.remove('location');
      throw error;
    });
    if (state !== 'ended') return;
    ctx.remove('location');
    answerError(ctx, 'session-not-found');
  };
