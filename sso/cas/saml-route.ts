import Router from '@koa/router';
import { XMLParser } from 'fast-xml-parser';
import { say } from '#hub/platform/messages.ts';
import { type CasDeps, isSet, oneOf } from '#sso/cas/cas-deps.ts';
import { samlFailure, samlSuccess } from '#sso/cas/saml-answer.ts';
import { validateTicket } from '#sso/cas/validate-ticket.ts';
import { readBody } from '#sso/read-form.ts';
import { factsOf } from '#sso/request-facts.ts';

const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false });

/** The ticket in a SOAP envelope; undefined when there is none. Documents with a type declaration are not read. */
const readArtifact = (body: string): string | undefined => {
  if (body.includes('<!DOCTYPE')) return undefined;
  try {
    const artifact: unknown = parser.parse(body)?.Envelope?.Body?.Request?.AssertionArtifact;
    return typeof artifact === 'string' && artifact !== '' ? artifact : undefined;
  } catch {
    return undefined;
  }
};

/**
 * `/cas/samlValidate`: the question of `serviceValidate` in SOAP, with attributes in SAML 1.1, which is all that
 * mod_auth_cas 1.2 and old .NET clients read of them (CAS Protocol 3.0.3, appendix on samlValidate).
 */
export const casSamlRoute = (deps: CasDeps): Router => {
  const router = new Router({ sensitive: true, strict: true });
  router.post('/cas/samlValidate', async ctx => {
    const service = oneOf(ctx, 'TARGET');
    const ticket = readArtifact(await readBody(ctx.req));
    const validated = await validateTicket(deps, {
      ticket,
      service,
      renew: isSet(ctx, 'renew'),
      proxied: false,
    });
    ctx.set('cache-control', 'no-store');
    ctx.type = 'text/xml; charset=utf-8';
    ctx.body =
      typeof validated === 'string'
        ? samlFailure(service ?? '', say(factsOf(ctx.req).language, `cas.failure.${validated}`))
        : samlSuccess(deps.context.config.origin, validated);
  });
  return router;
};
