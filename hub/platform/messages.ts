import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The languages that people read; Vietnamese is the first. */
export type Language = 'vi' | 'en';

const folder = join(import.meta.dirname, '..', '..', 'messages');
const texts: Record<Language, Map<string, string>> = { vi: new Map(), en: new Map() };
for (const file of readdirSync(folder)) {
  const [area, language] = file.split('.') as [string, Language];
  const entries = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, string>;
  for (const [key, text] of Object.entries(entries)) texts[language].set(`${area}.${key}`, text);
}

/**
 * The words for `key` (`area.code`, from `messages/<area>.<language>.json`) with `{placeholders}` filled.
 * An unknown key gives the key itself: a missing text must never hide an error.
 */
export const say = (
  language: Language,
  key: string,
  params: Record<string, string | number> = {},
): string => {
  const text = texts[language].get(key) ?? texts.en.get(key) ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
};

/** For whoever typed a command, whose language nobody knows: Vietnamese, then English, a line each. */
export const sayBoth = (key: string, params: Record<string, string | number> = {}): string =>
  `${say('vi', key, params)}\n${say('en', key, params)}`;

/** All words of one area by key, for a page that is drawn in the browser. */
export const wordsOf = (language: Language, area: string): Record<string, string> =>
  Object.fromEntries(
    [...texts[language]]
      .filter(([key]) => key.startsWith(`${area}.`))
      .map(([key, text]) => [key.slice(area.length + 1), text]),
  );

/** Vietnamese unless the client prefers English (RFC 9110 §12.5.4, first match wins). */
export const languageOf = (acceptLanguage: string | undefined): Language => {
  for (const tag of (acceptLanguage ?? '').toLowerCase().split(',')) {
    if (tag.trim().startsWith('vi')) return 'vi';
    if (tag.trim().startsWith('en')) return 'en';
  }
  return 'vi';
};
