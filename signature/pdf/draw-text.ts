import type { PDF, PdfRef } from '@libpdf/core';
import { SignatureFault } from '#signature/fault.ts';
import { insert } from '#signature/pdf/graft.ts';
import type { Rectangle } from '#signature/pdf/seen-page.ts';
import { type Face, readFont, writeText } from '#signature/pdf/stamp-font.ts';

/** Text as NĐ 30/2020 wants it: black, Times; upright of size 10 unless it says otherwise. Lines end at `\n` and where they are full. */
export interface TextPart {
  text: string;
  /** Where on the page as it is seen; absent: all of the field's widget. */
  at?: Rectangle;
  /** Points; made smaller, down to 6, when the text would not fit. 10 when absent. */
  size?: number;
  italic?: boolean;
  align?: 'left' | 'center' | 'right';
}

const smallest = 6;
const leading = 1.2;
/** From the baseline to the top of letters with two marks, and to the bottom of `g`. */
const [ascent, descent] = [0.95, 0.25];

const breakLines = (face: Face, text: string, size: number, width: number): string[] =>
  text.split('\n').flatMap(line => {
    const lines: string[] = [''];
    for (const word of line.split(/\s+/).filter(part => part !== '')) {
      const longer = lines.at(-1) === '' ? word : `${lines.at(-1)} ${word}`;
      if (lines.at(-1) === '' || writeText(face, longer).widthAt(size) <= width)
        lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  });

const fitText = (face: Face, text: string, wanted: number, { width, height }: Rectangle) => {
  for (let size = wanted; size >= Math.min(smallest, wanted); size -= 0.5) {
    const lines = breakLines(face, text, size, width);
    const high = (lines.length - 1) * leading * size + (ascent + descent) * size;
    const wide = Math.max(...lines.map(line => writeText(face, line).widthAt(size)));
    if (wide <= width + 0.01 && high <= height + 0.01) return { size, lines, high };
  }
  throw new SignatureFault('text-too-long', 'The text does not fit its place', text.slice(0, 80));
};

/**
 * The operators that show the text inside a box, centred in its height, with the font put into the file.
 * @throws SignatureFault text-not-in-font, text-too-long
 */
export const drawText = async (
  pdf: PDF,
  part: TextPart,
  box: Rectangle,
  fontName: string,
): Promise<{ content: string; font: PdfRef }> => {
  const face: Face = part.italic ? 'italic' : 'upright';
  const { size, lines, high } = fitText(face, part.text, part.size ?? 10, box);
  const first = box.y + (box.height + high) / 2 - ascent * size;
  const shown = lines.map((line, at) => {
    const { glyphs, widthAt } = writeText(face, line);
    const room = box.width - widthAt(size);
    const left = part.align === 'center' ? room / 2 : part.align === 'right' ? room : 0;
    const [x, y] = [box.x + left, first - at * leading * size];
    return `1 0 0 1 ${x.toFixed(3)} ${y.toFixed(3)} Tm <${glyphs}> Tj`;
  });
  const font = insert(await readFont(face, lines.join('')), pdf);
  return { content: `BT 0 g /${fontName} ${size} Tf ${shown.join(' ')} ET`, font };
};
