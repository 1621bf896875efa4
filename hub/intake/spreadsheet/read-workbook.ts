import { posix } from 'node:path';
import type { ZipParts } from './open-zip.ts';
import { parseWhole } from './parse-xml.ts';
import { SpreadsheetError } from './spreadsheet-error.ts';

/** What the parts around the sheets say. Part names have no leading slash. */
export interface Workbook {
  /** In the order of the tabs. */
  sheets: { name: string; hidden: boolean; part: string }[];
  /** Serial 0 is 1904-01-01 (files of old Macs) instead of 1899-12-31. */
  date1904: boolean;
  sharedStrings?: string;
  styles?: string;
}

const relationshipsOf = (part: string) =>
  posix.join(posix.dirname(part), '_rels', `${posix.basename(part)}.rels`);

/** Finds the sheets of a package by its relationships, as ECMA-376 part 2 asks, not by usual names. */
export async function readWorkbook(zip: ZipParts): Promise<Workbook> {
  const roots = await readRelationships(zip, '');
  const main = roots.find(root => root.type === 'officeDocument')?.part ?? '';
  if (!main.toLowerCase().endsWith('.xml') || !zip.has(main)) throw notAWorkbook(zip, main);
  const parts = await readRelationships(zip, main);
  const byType = (type: string) => parts.find(part => part.type === type && zip.has(part.part))?.part;
  const book: Workbook = {
    sheets: [],
    date1904: false,
    sharedStrings: byType('sharedStrings'),
    styles: byType('styles'),
  };
  let root = '';
  await parseWhole(zip.read(main), main, {
    open(name, attributes) {
      root ||= name;
      if (name === 'workbookPr') book.date1904 = /^(1|true)$/.test(attributes.date1904 ?? '');
      if (name !== 'sheet') return;
      const idName = Object.keys(attributes).find(key => key.endsWith(':id'));
      const target = parts.find(part => idName !== undefined && part.id === attributes[idName]);
      // Chart sheets stand in the same list; they have no rows.
      if (target?.type !== 'worksheet' || !zip.has(target.part)) return;
      const hidden = /hidden/i.test(attributes.state ?? '');
      book.sheets.push({ name: attributes.name ?? '', hidden, part: target.part });
    },
  });
  if (root !== 'workbook') throw notAWorkbook(zip, main);
  return book;
}

async function readRelationships(zip: ZipParts, of: string) {
  const part = of ? relationshipsOf(of) : '_rels/.rels';
  const found: { id: string; type: string; part: string }[] = [];
  if (!zip.has(part)) return found;
  await parseWhole(zip.read(part), part, {
    open(name, { Id, Type, Target, TargetMode }) {
      if (name !== 'Relationship' || !Id || !Type || !Target || TargetMode === 'External') return;
      const target = posix.resolve('/', posix.dirname(of), Target).slice(1);
      found.push({ id: Id, type: posix.basename(Type), part: target });
    },
  });
  return found;
}

function notAWorkbook(zip: ZipParts, main: string): SpreadsheetError {
  const found = main.endsWith('.bin')
    ? 'xlsb'
    : zip.has('word/document.xml')
      ? 'docx'
      : zip.has('ppt/presentation.xml')
        ? 'pptx'
        : zip.has('mimetype') && zip.has('content.xml')
          ? 'ods'
          : 'zip';
  return new SpreadsheetError('not-a-spreadsheet', { found });
}
