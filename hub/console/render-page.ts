import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, wordsOf } from '#hub/platform/messages.ts';

const template = readFileSync(join(import.meta.dirname, 'page', 'first-look.html'), 'utf8');
/** `<` is the only character that could end the block of words in the page. */
const embed = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

/** The first-look page in one language; its script finds its words in the page. */
export const renderPage = (language: Language): string => {
  const words = wordsOf(language, 'first-look');
  return template
    .replace('lang="vi"', `lang="${language}"`)
    .replace('id="words">{}', () => `id="words">${embed(words)}`)
    .replace(/\{\{([\w-]+)\}\}/g, (whole, key: string) => words[key] ?? whole);
};
