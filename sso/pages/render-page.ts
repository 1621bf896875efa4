import { type Language, say } from '#hub/platform/messages.ts';
import { drawPagesOf } from '#hub/platform/pages/draw-pages.ts';
import { passkeyScriptPath } from '#sso/factors/passkey-script.ts';

const draw = drawPagesOf(import.meta.dirname);

/** The pages, by the file that draws them. Words of other areas: `page.say('area.key')`. */
export type PageName =
  | 'sign-in'
  | 'error'
  | 'my-apps'
  | 'my-sessions'
  | 'sign-out'
  | 'signed-out'
  | 'user-code'
  | 'confirm-device'
  | 'device-done'
  | 'consent'
  | 'refused'
  | 'second-factor'
  | 'factor-add'
  | 'factor-missing'
  | 'factors'
  | 'recovery-codes'
  | 'recovery-used'
  | 'cas-return'
  | 'no-mailbox'
  | 'activate'
  | 'forgotten'
  | 'new-password'
  | 'my-password'
  | 'account-done'
  | 'clerk'
  | 'activation-slip';

/**
 * Draws a page in one language: `values` is what its template names, escaped there. `page.t(key, params)` gives words of
 * `messages/sso.<language>.json`, `page.say('area.key')` those of any other file. The title is `<page>.title`, or
 * `values.title`.
 */
export const renderPage = (
  name: PageName,
  language: Language,
  values: { title?: string; [name: string]: unknown } = {},
): string => {
  const t = (key: string, params: Record<string, string | number> = {}): string =>
    say(language, `sso.${key}`, params);
  return draw(name, language, { title: t(`${name}.title`), ...values, t, passkeyScriptPath });
};
