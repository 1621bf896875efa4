import { surround } from '#signature/pdf/appearance.ts';
import { type OpenPdf, openPdf } from '#signature/pdf/open-pdf.ts';
import { fold, type Run, readLines } from '#signature/pdf/read-lines.ts';
import { type Rectangle, type SeenPage, seePage } from '#signature/pdf/seen-page.ts';

/** A place on a page, 1 is the first. `found`: the text shows it; else it is where NĐ 30/2020's layout has it. */
export interface Place {
  page: number;
  at: Rectangle;
  found: boolean;
}

export interface Places {
  /** Behind "Số:", before the slash. */
  number: Place;
  /** Between "ngày" and "tháng", and between "tháng" and "năm". */
  day: Place;
  month: Place;
  /** Between the signer's office and name. */
  signature: Place;
  /** Over the left third of the signature (NĐ 30/2020, Phụ lục I). */
  seal: Place;
  /** Top right of the first page: appendices and copies. */
  corner: Place;
}

const millimetre = 72 / 25.4;
/** A seal of 36 mm in its real size; the picture keeps its own proportions in it. */
const sealSize = 36 * millimetre;
/** Pages that are searched for the signer: behind them come appendices. */
const searched = 60;
/** Too narrow to write in. */
const leastGap = 12;

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

const standing = (run: Run): Rectangle => surround(run.letters);

/** The room above a name that stands alone in its column, up to the line above it. */
const aboveName = (runs: readonly Run[], signer: string): Rectangle | undefined => {
  const name = fold(signer).replace(/\s+/g, ' ').trim();
  for (const run of runs) {
    if (!run.folded.endsWith(name) || run.folded.length > name.length + 12) continue;
    const box = standing(run);
    const [centre, top] = [box.x + box.width / 2, box.y + box.height];
    const ceilings = runs
      .map(standing)
      .filter(({ x, y, width }) => y > top && x - 20 < centre && centre < x + width + 20)
      .map(({ y }) => y);
    const height = Math.min(...ceilings, top + 110) - top;
    if (height < 20) continue;
    const width = Math.max(box.width, 140);
    return { x: centre - width / 2, y: top, width, height };
  }
  return undefined;
};

const sealOver = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: Math.max(0, x + width / 3 - sealSize),
  y: Math.max(0, y + height / 2 - sealSize / 2),
  width: sealSize,
  height: sealSize,
});

/** Where NĐ 30/2020 (Phụ lục I, "Mẫu trình bày") has them on a page with its usual margins. */
const layout = ({ width, height }: SeenPage) => ({
  number: { x: 120, y: height - 125, width: 60, height: 18 },
  day: { x: width - 190, y: height - 125, width: 25, height: 18 },
  month: { x: width - 130, y: height - 125, width: 25, height: 18 },
  signature: { x: width - 225, y: 110, width: 170, height: 80 },
  corner: { x: width - 255, y: height - 50, width: 225, height: 32 },
});

const findSignature = (opened: OpenPdf, signer: string | undefined): Place | undefined => {
  if (signer === undefined || signer.trim() === '') return undefined;
  for (const page of opened.pages.slice(0, searched)) {
    const at = aboveName(readLines(page, seePage(page.dict, opened.resolve)), signer);
    if (at) return { page: page.index + 1, at, found: true };
  }
  return undefined;
};

/**
 * Where number, date, signature and seal belong on a document of an agency, by the text of its first page and by the
 * signer's name.
 * @throws SignatureFault pdf-broken, pdf-encrypted
 */
export const findPlaces = async (
  bytes: Uint8Array,
  { signer }: { signer?: string } = {},
): Promise<Places> => {
  const opened = await openPdf(bytes);
  const [first, last] = [opened.pages[0]!, opened.pages.at(-1)!];
  const seen = seePage(first.dict, opened.resolve);
  const usual = layout(seen);
  const runs = readLines(first, seen);
  const choose = (at: Rectangle | undefined, otherwise: Rectangle): Place =>
    at ? { page: 1, at, found: true } : { page: 1, at: otherwise, found: false };
  const signature = findSignature(opened, signer) ?? {
    page: last.index + 1,
    at: layout(seePage(last.dict, opened.resolve)).signature,
    found: false,
  };
  return {
    number: choose(gapOf(runs, /(\bso ?:)[ ._]*(\/|$)/), usual.number),
    day: choose(gapOf(runs, /(\bngay)[ ._]*(thang|$)/), usual.day),
    month: choose(gapOf(runs, /(\bthang)[ ._]*(nam|$)/), usual.month),
    signature,
    seal: { ...signature, at: sealOver(signature.at) },
    corner: { page: 1, at: usual.corner, found: false },
  };
};
