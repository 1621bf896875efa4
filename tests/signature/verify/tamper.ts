import { SourceFile } from '#signature/verify/file/source-file.ts';
import { View } from '#signature/verify/file/view.ts';

/** The text of an object as the file has it now, between `obj` and `endobj`. */
export const textOf = (pdf: Buffer, number: number): string => {
  const place = new View(new SourceFile(pdf), pdf.length).placeOf(number);
  if (typeof place !== 'number') throw new TypeError(`Object ${number} is not in the file by itself`);
  const from = pdf.indexOf('obj', place) + 3;
  return pdf.toString('latin1', from, pdf.indexOf('endobj', from)).trim();
};

/** The number of the first object whose text holds this. */
export const numberOf = (pdf: Buffer, text: string): number => {
  const { entries } = new View(new SourceFile(pdf), pdf.length);
  const found = [...entries.keys()].find(number => {
    try {
      return textOf(pdf, number).includes(text);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new TypeError(`No object holds ${text}`);
  return found;
};

/** A number that no object has yet. */
export const freeNumber = (pdf: Buffer): number =>
  Math.max(...new View(new SourceFile(pdf), pdf.length).entries.keys()) + 1;

/** Adds a saving of the file by hand: objects by number, a table, a trailer; as an attacker or another program writes it. Object 1 is the catalog. */
export const update = (
  pdf: Buffer,
  objects: Record<number, string>,
  { trailer = '', between = '', unlisted = '' } = {},
): Buffer => {
  const view = new View(new SourceFile(pdf), pdf.length);
  const highest = [...view.entries.keys(), ...Object.keys(objects).map(Number)].reduce((a, b) =>
    Math.max(a, b),
  );
  let text = '';
  const entries: string[] = [];
  for (const [number, object] of Object.entries(objects)) {
    const offset = String(pdf.length + text.length).padStart(10, '0');
    entries.push(`${number} 1\n${offset} 00000 n \n`);
    text += `${number} 0 obj\n${object}\nendobj\n${between}`;
  }
  text += unlisted;
  const start = pdf.length + text.length;
  text += `xref\n0 1\n0000000000 65535 f \n${entries.join('')}`;
  text += `trailer\n<< /Size ${highest + 1} /Root 1 0 R /Prev ${view.sections[0]!.at} ${trailer} >>\n`;
  text += `startxref\n${start}\n%%EOF\n`;
  return Buffer.concat([pdf, Buffer.from(text, 'latin1')]);
};

/** Replaces bytes without moving others. */
export const overwrite = (pdf: Buffer, from: string, to: string): Buffer => {
  const at = pdf.indexOf(from, 0, 'latin1');
  if (at === -1 || from.length !== to.length) throw new TypeError(`${from} cannot become ${to}`);
  const changed = Buffer.from(pdf);
  changed.write(to, at, 'latin1');
  return changed;
};
