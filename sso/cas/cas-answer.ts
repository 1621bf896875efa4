import { XMLBuilder } from 'fast-xml-parser';
import type { Context } from 'koa';
import { say } from '#hub/platform/messages.ts';
import { oneOf } from '#sso/cas/cas-deps.ts';
import { xmlText } from '#sso/cas/xml-text.ts';
import { factsOf } from '#sso/request-facts.ts';

/** Why a ticket is not given or not taken (CAS Protocol 3.0.3 §2.5.3, §2.7.3). */
export type CasFailure =
  | 'INVALID_REQUEST'
  | 'INVALID_TICKET_SPEC'
  | 'INVALID_TICKET'
  | 'INVALID_SERVICE'
  | 'INVALID_PROXY_CALLBACK'
  | 'UNAUTHORIZED_SERVICE'
  | 'INTERNAL_ERROR';

/** Element names without prefix and what they hold; a list is an element for each. */
type CasElements = {
  [name: string]: string | CasElements | string[] | CasElements[] | undefined;
};

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });

/** The same in the namespace of CAS, with what XML 1.0 cannot hold left out of texts. */
const toXml = (value: CasElements[string]): unknown => {
  if (typeof value === 'string') return xmlText(value);
  if (Array.isArray(value)) return value.map(toXml);
  return Object.fromEntries(
    Object.entries(value ?? {})
      .filter(([, content]) => content !== undefined)
      .map(([name, content]) => [/^[@#]/.test(name) ? name : `cas:${name}`, toXml(content)]),
  );
};

const isJson = (ctx: Context): boolean => oneOf(ctx, 'format')?.toUpperCase() === 'JSON';

const answer = (ctx: Context, xml: CasElements, json: unknown): void => {
  ctx.set('cache-control', 'no-store');
  if (isJson(ctx)) {
    ctx.body = { serviceResponse: json };
    return;
  }
  ctx.type = 'application/xml; charset=utf-8';
  ctx.body = builder.build({
    'cas:serviceResponse': { '@xmlns:cas': 'http://www.yale.edu/tp/cas', ...(toXml(xml) as object) },
  });
};

/** `<cas:authenticationSuccess>` or `<cas:proxySuccess>`. `json` where that form differs from the XML. */
export const answerCas = (
  ctx: Context,
  element: 'authenticationSuccess' | 'proxySuccess',
  content: CasElements,
  json: unknown = content,
): void => answer(ctx, { [element]: content }, { [element]: json });

/** `<cas:authenticationFailure>` or `<cas:proxyFailure>`; with 200, as clients of CAS expect. */
export const answerCasFailure = (
  ctx: Context,
  element: 'authenticationFailure' | 'proxyFailure',
  code: CasFailure,
): void => {
  const description = say(factsOf(ctx.req).language, `cas.failure.${code}`);
  answer(ctx, { [element]: { '@code': code, '#text': description } }, { [element]: { code, description } });
};
