import type { Context } from 'koa';
import { type PageName, renderPage } from '#sso/pages/render-page.ts';
import { factsOf } from '#sso/request-facts.ts';

/**
 * Sends a page that runs nothing but our own files and is shown in no frame. `formTargets` are the origins to which
 * the forms of this page may lead at last (browsers hold redirects after a form to the same rule).
 */
export const answerPage = (
  ctx: Context,
  name: PageName,
  values: Record<string, unknown> = {},
  { status = 200, formTargets = [] }: { status?: number; formTargets?: string[] } = {},
): void => {
  ctx.status = status;
  ctx.type = 'html';
  ctx.set('cache-control', 'no-store');
  ctx.set(
    'content-security-policy',
    `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action ${["'self'", ...formTargets].join(' ')}`,
  );
  ctx.body = renderPage(name, factsOf(ctx.req).language, values);
};
