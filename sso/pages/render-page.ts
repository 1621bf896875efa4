import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { type Language, say } from '#hub/platform/messages.ts';
import { passkeyScriptPath } from '#sso/factors/passkey-script.ts';
import { sha256Text } from '#sso/sha-256.ts';

const folder = import.meta.dirname;
const eta = new Eta({ views: folder, cache: true, useWith: false, varName: 'page' });

/** The style, and its digest as its address: it may be kept for ever. */
export const style = readFileSync(join(folder, 'sign-on.css'), 'utf8');
const version = sha256Text(style).slice(0, 12);
export const stylePath = `/sso/style-${version}.css`;

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
  const page = {
    title: t(`${name}.title`),
    ...values,
    t,
    say: say.bind(undefined, language),
    language,
    stylePath,
    passkeyScriptPath,
  };
  return eta.render('./layout', { ...page, body: eta.render(`./${name}`, page) });
};
