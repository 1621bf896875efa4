import { join } from 'node:path';
import type { AppError } from '#hub/platform/errors.ts';
import { Reply } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';
import { drawPagesOf } from '#hub/platform/pages/draw-pages.ts';

const draw = drawPagesOf(join(import.meta.dirname, 'pages'));

/** The templates in `pages`. */
type PageName =
  | 'waiting'
  | 'document'
  | 'many'
  | 'outcome'
  | 'under-way'
  | 'delegations'
  | 'trouble'
  | 'error';

/** Only our own files run, a document may stand in the page, and no other page may frame ours. */
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** `connect`: what a script of the page may call beside us; without it none calls anybody. */
const policyOf = (connect: string | undefined): string =>
  connect === undefined ? policy : `${policy}; connect-src 'self' ${connect}`;

/** A page of the desk. The title is the message `signing-desk.<name>.title` unless `values` have one. */
export const answerPage = (
  name: PageName,
  language: Language,
  values: Record<string, unknown> = {},
  status = 200,
  connect?: string,
): Reply => {
  const t = (key: string, params: Record<string, string | number> = {}): string =>
    say(language, `signing-desk.${key}`, params);
  const page = draw(name, language, {
    title: t(`${name}.title`),
    isWide: true,
    styles: ['/signing/desk.css'],
    t,
    ...values,
  });
  return new Reply(status, page, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policyOf(connect),
  });
};

/** Goes on to another page by GET (RFC 9110 §15.4.4): a reload sends nothing again. */
export const seeOther = (location: string): Reply => new Reply(303, undefined, { location });

/** An error as a page that says what to do. */
export const answerError = (error: AppError, language: Language): Reply => {
  const own = say(language, `signing-desk.error.${error.code}`);
  const words = own.startsWith('signing-desk.') ? say(language, `errors.${error.code}`, error.params) : own;
  return answerPage('error', language, { words }, error.status);
};
