import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, wordsOf } from '#hub/platform/messages.ts';

const templateOf = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'page', `${name}.html`), 'utf8');
const templates = { 'first-look': templateOf('first-look'), 'not-allowed': templateOf('not-allowed') };
/** `<` is the only character that could end the block of words in the page. */
const embed = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** A page of the console in one language; its script finds its words in the page. */
export const renderPage = (name: keyof typeof templates, language: Language): string => {
  const words = wordsOf(language, 'first-look');
  return templates[name]
    .replace('lang="vi"', `lang="${language}"`)
    .replace('id="words">{}', () => `id="words">${embed(words)}`)
    .replace(/\{\{([\w-]+)\}\}/g, (whole, key: string) => words[key] ?? whole);
};
