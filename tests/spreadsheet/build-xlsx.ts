import { buildZip, type ZipEntry } from './build-zip.ts';

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const namespace = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationships = (...targets: [type: string, target: string][]) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets
    .map(([type, target], i) => `<Relationship Id="r${i + 1}" Type="${office}/${type}" Target="${target}"/>`)
    .join('')}</Relationships>`;

/** The parts around one sheet. `sheet` replaces the sheet's entry as a whole; `data` is what `<sheetData>` holds. */
export interface RawWorkbook {
  data?: string;
  tail?: string;
  sheet?: Omit<ZipEntry, 'name'>;
  strings?: string;
  formats?: string[];
  properties?: string;
  more?: ZipEntry[];
}

/** A workbook of one sheet from raw SpreadsheetML, for what no decent writer would produce. */
export function buildXlsx({
  data = '',
  tail = '',
  sheet,
  strings,
  formats,
  properties,
  more,
}: RawWorkbook): Buffer {
  const parts: [string, string][] = [['worksheet', 'worksheets/sheet1.xml']];
  if (strings !== undefined) parts.push(['sharedStrings', 'sharedStrings.xml']);
  if (formats) parts.push(['styles', '/xl/styles.xml']);
  const entries: ZipEntry[] = [
    { name: '_rels/.rels', content: relationships(['officeDocument', 'xl/workbook.xml']) },
    { name: 'xl/_rels/workbook.xml.rels', content: relationships(...parts) },
    {
      name: 'xl/workbook.xml',
      content: `<workbook xmlns="${namespace}" xmlns:r="${office}">${properties ?? ''}<sheets><sheet name="DS" sheetId="1" r:id="r1"/></sheets></workbook>`,
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      ...(sheet ?? {
        content: `<worksheet xmlns="${namespace}"><sheetData>${data}</sheetData>${tail}</worksheet>`,
      }),
    },
  ];
  if (strings !== undefined)
    entries.push({ name: 'xl/sharedStrings.xml', content: `<sst xmlns="${namespace}">${strings}</sst>` });
  if (formats)
    entries.push({
      name: 'xl/styles.xml',
      content: `<styleSheet xmlns="${namespace}"><numFmts>${formats
        .map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${code}"/>`)
        .join(
          '',
        )}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
        .map((_, i) => `<xf numFmtId="${164 + i}"/>`)
        .join('')}</cellXfs></styleSheet>`,
    });
  return buildZip([...entries, ...(more ?? [])]);
}
