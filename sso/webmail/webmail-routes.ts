import Router from '@koa/router';
import type Provider from 'oidc-provider';
import { AppError } from '#hub/platform/errors.ts';
import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { bridgeClient, bridges } from '#sso/bridge/own-clients.ts';
import { answerError } from '#sso/pages/answer-error.ts';
import { answerPage } from '#sso/pages/answer-page.ts';
import { seeOther } from '#sso/pages/see-other.ts';
import { factsOf } from '#sso/request-facts.ts';
import { preauthUrl } from '#sso/webmail/preauth-url.ts';

/** `/sso/webmail/open`: opens a person's mailbox at a Zimbra, which trusts the key that it shares with us. */
export const webmailRoutes = (deps: {
  context: Pick<PartContext, 'call'>;
  bridge: Bridge;
  provider(): Promise<Provider>;
}): Router => {
  const { call } = deps.context;
  const router = new Router({ prefix: '/webmail', sensitive: true, strict: true });

  router.get('/open', async ctx => {
    const wanted = ctx.query.app;
    const app = (await call('apps.list', {})).find(
      ({ id, enabled, signOn }) =>
        enabled && signOn?.preauth !== undefined && (wanted === undefined || id === wanted),
    );
    if (app === undefined) throw new AppError('not-found');
    const clientId = bridgeClient('preauth', app.id);
    deps.bridge.begin(ctx, { clientId, callback: bridges.preauth, returnTo: app.id });
  });

  router.get('/callback', async ctx => {
    const came = await deps.bridge.finish(ctx, await deps.provider());
    if ('error' in came) return answerError(ctx, came.error);
    const id = came.returnTo;
    const [app, person, { value: key }] = await Promise.all([
      call('apps.get', { id }),
      call('staff.get', { id: came.staffId }),
      call('apps.secret-setting', { id, name: 'preauthKey' }),
    ]);
    const tell = (words: string) => {
      const { language } = factsOf(ctx.req);
      const title = say(language, 'forward.no-mailbox.title');
      answerPage(ctx, 'no-mailbox', { title, words: say(language, words) });
    };
    if (person.email === undefined) return tell('forward.no-mailbox.words');
    if (key === undefined || app.signOn?.preauth === undefined) return tell('forward.no-key.words');
    const proof = { account: person.email, timestamp: Date.now(), key };
    seeOther(ctx, preauthUrl(app.signOn.preauth.url, proof));
  });

  return router;
};
