import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Screenshots, for people to look at. */
const folder = join(import.meta.dirname, '..', '.screenshots');
mkdirSync(folder, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

const findViolations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe);
  const found = await page.evaluate<Violation[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) => violations)`,
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(node => `${id}: ${help}\n${node.html}\n${node.failureSummary}`),
  );
};

/**
 * Looks at a page as it is shown now, light and dark, on a phone and on a desk: nothing is wider than the screen, what
 * can be pressed is large enough to be hit, and axe finds nothing against WCAG 2.2 AA.
 */
export const checkPage = async (page: Page, name: string): Promise<void> => {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [360, 1280]) {
      const what = `${name}-${colorScheme}-${width}`;
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(folder, `${what}.png`), fullPage: true });
      const { wide, small } = await page.evaluate<{ wide: number; small: string[] }>(`({
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        small: [...document.querySelectorAll('button, .button, .apps a, main input:not([type=hidden])')]
          .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML),
      })`);
      assert.equal(wide, 0, `${what} scrolls sideways by ${wide} px`);
      assert.deepEqual(small, [], `${what}: targets of less than 44 px`);
      assert.deepEqual(await findViolations(page), [], what);
    }
};
