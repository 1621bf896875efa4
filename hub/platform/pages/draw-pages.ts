import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import { type Language, say } from '#hub/platform/messages.ts';

const folder = import.meta.dirname;
const open = (views: string): Eta => new Eta({ views, cache: true, useWith: false, varName: 'page' });
const layout = open(folder);

const text = readFileSync(join(folder, 'pages.css'), 'utf8');
const version = createHash('sha256').update(text).digest('hex').slice(0, 12);

/** What all pages look like; the sign-on serves it. With its digest in its address it may be kept for ever. */
export const sharedStyle = { text, path: `/sso/style-${version}.css` };

/** What a template finds in `page`, beside what its own name needs. */
export interface PageValues {
  title: string;
  /** Styles beside the shared one. */
  styles?: string[];
  /** For pages that are read rather than filled in. */
  isWide?: boolean;
  [name: string]: unknown;
}

/**
 * Draws the templates of a folder (`<name>.eta`) in the look that all pages share. Values are escaped there; words are
 * `page.say('area.key', params)`.
 */
export const drawPagesOf = (views: string) => {
  const eta = open(views);
  return (name: string, language: Language, { styles = [], ...values }: PageValues): string => {
    const page = {
      ...values,
      say: say.bind(undefined, language),
      language,
      styles: [sharedStyle.path, ...styles],
    };
    return layout.render('./layout', { ...page, body: eta.render(`./${name}`, page) });
  };
};
