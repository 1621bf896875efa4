import type { ZipParts } from './open-zip.ts';
import { parseWhole } from './parse-xml.ts';
import { RichText } from './rich-text.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';
import type { TableLimits } from './table-limits.ts';

/** The table of texts that the cells of every sheet point into. It is held in memory whole. */
export async function readSharedStrings(
  zip: ZipParts,
  part: string | undefined,
  limits: TableLimits,
): Promise<string[]> {
  const strings: string[] = [];
  if (!part) return strings;
  // Even an empty string costs its place in the list.
  const most = limits.rows * 20;
  let size = 0;
  const item = new RichText(limits.cellText);
  await parseWhole(zip.read(part), part, {
    open(name) {
      if (name === 'si') item.clear();
      item.open(name);
    },
    text: text => item.add(text),
    close(name) {
      item.close(name);
      if (name !== 'si') return;
      const text = item.take();
      size += text.length;
      if (size > limits.sharedText || strings.length >= most)
        throw new SpreadsheetError('zip-bomb', { strings: strings.length });
      strings.push(text);
    },
  });
  return strings;
}
