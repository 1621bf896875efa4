import type { PDFPage } from '@libpdf/core';
import { type Rectangle, type SeenPage, toSeen } from '#signature/pdf/seen-page.ts';

/** A run of text with no wide gap in it: one column's part of a line. `at` says where each letter of `folded` stands. */
export interface Run {
  /** Without marks, in lower case, one blank for any gap: `so: ...../qd-ubnd`. */
  folded: string;
  letters: Rectangle[];
}

/** Letters without marks: files spell Vietnamese composed, decomposed, or with marks drawn on their own. */
export const fold = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').replace(/…/g, '...').toLowerCase();

/** A gap wider than this, in letter heights, is between two columns; a narrower one may be between two words. */
const [columnGap, wordGap] = [1.5, 0.15];

const blank = /\s/;

/**
 * The text of a page, in the order of its lines from the top, as places on the page as it is seen. A page that is only a
 * picture has none.
 */
export const readLines = (page: PDFPage, seen: SeenPage): Run[] => {
  const runs: Run[] = [];
  for (const line of page.extractText().lines) {
    let run: Run | undefined;
    let end = 0;
    const letters = line.spans.flatMap(({ chars }) => chars).sort((a, b) => a.bbox.x - b.bbox.x);
    for (const { char, bbox } of letters) {
      if (char.trim() === '') continue;
      const gap = bbox.x - end;
      if (!run || gap > columnGap * bbox.height) {
        run = { folded: '', letters: [] };
        runs.push(run);
      }
      const at = toSeen(seen, [bbox.x, bbox.y, bbox.x + bbox.width, bbox.y + bbox.height]);
      if (run.folded !== '' && !blank.test(run.folded.at(-1)!) && gap > wordGap * bbox.height) {
        run.folded += ' ';
        run.letters.push({ ...at, width: 0 });
      }
      for (const letter of fold(char)) {
        run.folded += letter;
        run.letters.push(at);
      }
      end = bbox.x + bbox.width;
    }
  }
  return runs.filter(({ folded }) => folded !== '');
};
