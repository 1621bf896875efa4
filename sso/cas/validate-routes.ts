import Router from '@koa/router';
import type { Context } from 'koa';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import { attributesOf } from '#sso/cas/attributes-of.ts';
import { answerCas, answerCasFailure } from '#sso/cas/cas-answer.ts';
import { type CasDeps, isSet, oneOf } from '#sso/cas/cas-deps.ts';
import { grantProxying } from '#sso/cas/grant-proxying.ts';
import { validateTicket } from '#sso/cas/validate-ticket.ts';
import { factsOf } from '#sso/request-facts.ts';

/** Where apps ask whose a ticket is (CAS Protocol 3.0.3 §2.4 to §2.6, §2.8). They are programs: errors are no pages. */
export const casValidateRoutes = (deps: CasDeps): Router => {
  const router = new Router({ prefix: '/cas', sensitive: true, strict: true });
  const ask = (ctx: Context, proxied: boolean) =>
    validateTicket(deps, {
      ticket: oneOf(ctx, 'ticket'),
      service: oneOf(ctx, 'service'),
      renew: isSet(ctx, 'renew'),
      proxied,
    });

  const answerTicket = async (ctx: Context, proxied: boolean, withAttributes: boolean): Promise<void> => {
    const validated = await ask(ctx, proxied);
    if (typeof validated === 'string') return answerCasFailure(ctx, 'authenticationFailure', validated);
    const pgtUrl = oneOf(ctx, 'pgtUrl');
    const granted = pgtUrl === undefined ? undefined : await grantProxying(deps, validated, pgtUrl);
    if (granted === 'refused')
      return answerCasFailure(ctx, 'authenticationFailure', 'INVALID_PROXY_CALLBACK');
    const { proxies } = validated.ticket;
    const content = {
      user: validated.staff.username,
      ...(withAttributes ? { attributes: attributesOf(validated) } : {}),
      ...(granted === undefined ? {} : { proxyGrantingTicket: granted }),
    };
    if (proxies.length === 0) answerCas(ctx, 'authenticationSuccess', content);
    else
      answerCas(
        ctx,
        'authenticationSuccess',
        { ...content, proxies: { proxy: proxies } },
        { ...content, proxies },
      );
  };

  const addresses: [path: string, proxied: boolean, withAttributes: boolean][] = [
    ['/serviceValidate', false, false],
    ['/p3/serviceValidate', false, true],
    ['/proxyValidate', true, false],
    ['/p3/proxyValidate', true, true],
  ];
  for (const [path, proxied, withAttributes] of addresses)
    router.get(path, async ctx => {
      try {
        await answerTicket(ctx, proxied, withAttributes);
      } catch (cause) {
        const { requestId } = factsOf(ctx.req);
        deps.context.log.error({ requestId, cause: describeCause(cause) }, 'a CAS ticket was not validated');
        answerCasFailure(ctx, 'authenticationFailure', 'INTERNAL_ERROR');
        ctx.status = 503;
      }
    });

  router.get('/validate', async ctx => {
    const validated = await ask(ctx, false);
    ctx.set('cache-control', 'no-store');
    ctx.type = 'text/plain';
    ctx.body = typeof validated === 'string' ? 'no\n' : `yes\n${validated.staff.username}\n`;
  });

  return router;
};
