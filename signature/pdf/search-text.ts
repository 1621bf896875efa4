import { surround } from '#signature/pdf/appearance.ts';
import type { OpenPdf } from '#signature/pdf/open-pdf.ts';
import { fold, type Run, readLines } from '#signature/pdf/read-lines.ts';
import { type Rectangle, seePage } from '#signature/pdf/seen-page.ts';

/** What the text of a file shows of its places; 1 is the first page. */
export interface FoundPlaces {
  number?: Rectangle;
  day?: Rectangle;
  month?: Rectangle;
  signature?: { page: number; at: Rectangle };
}

/** Pages that are searched for the signer: behind them come appendices. */
const searched = 60;
/** Too narrow to write in, and too low to sign in, in points. */
const [leastGap, leastRoom] = [12, 20];

/** The gap between two letters of a run, or to its end, as high as a line of text. */
const between = ({ letters }: Run, left: number, right: number): Rectangle | undefined => {
  const [before, after, last] = [letters[left], letters[right], letters.at(-1)];
  if (!before || !last) return undefined;
  const x = before.x + before.width;
  const width = (after ? after.x : last.x + last.width) - x;
  const height = Math.max(before.height, 16);
  return width < leastGap ? undefined : { x, y: before.y - (height - before.height) / 2, width, height };
};

/** Where a pattern's gap is: its first group stands before the gap, its second behind. */
const gapOf = (runs: readonly Run[], pattern: RegExp): Rectangle | undefined => {
  for (const run of runs) {
    const match = pattern.exec(run.folded);
    if (!match) continue;
    const left = match.index + match[1]!.length - 1;
    const right = match.index + match[0].length - match[2]!.length;
    const gap = between(run, left, right);
    if (gap) return gap;
  }
  return undefined;
};

/** The room above a name that stands alone in its column (a title may precede it), up to the line above it. */
const aboveName = (runs: readonly Run[], signer: string): Rectangle | undefined => {
  const name = fold(signer).replace(/\s+/g, ' ').trim();
  for (const run of runs) {
    if (!run.folded.endsWith(name) || run.folded.length > name.length + 12) continue;
    const box = surround(run.letters);
    const [centre, top] = [box.x + box.width / 2, box.y + box.height];
    const ceilings = runs
      .map(({ letters }) => surround(letters))
      .filter(({ x, y, width }) => y > top && x - 20 < centre && centre < x + width + 20)
      .map(({ y }) => y);
    const height = Math.min(...ceilings, top + 110) - top;
    if (height < leastRoom) continue;
    const width = Math.max(box.width, 140);
    return { x: centre - width / 2, y: top, width, height };
  }
  return undefined;
};

const findSignature = ({ pages, resolve }: OpenPdf, signer: string): FoundPlaces['signature'] => {
  for (const page of pages.slice(0, searched)) {
    const at = aboveName(readLines(page, seePage(page.dict, resolve)), signer);
    if (at) return { page: page.index + 1, at };
  }
  return undefined;
};

/** Number and date on the first page, the signature above the signer's name. */
export const searchText = (opened: OpenPdf, signer: string): FoundPlaces => {
  const first = opened.pages[0]!;
  const runs = readLines(first, seePage(first.dict, opened.resolve));
  const found: Partial<Record<keyof FoundPlaces, unknown>> = {
    number: gapOf(runs, /(\bso ?:)[ ._]*(\/|$)/),
    day: gapOf(runs, /(\bngay)[ ._]*(thang|$)/),
    month: gapOf(runs, /(\bthang)[ ._]*(nam|$)/),
    signature: signer.trim() === '' ? undefined : findSignature(opened, signer),
  };
  return found as FoundPlaces;
};
