import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import exceljs from 'exceljs';
import { openTable } from '#hub/intake/spreadsheet/open-table.ts';
import type { XlsxOptions } from '#hub/intake/spreadsheet/read-xlsx.ts';
import type { SheetRow } from '#hub/intake/spreadsheet/sheet-row.ts';

const folders: string[] = [];
after(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** Writes an upload into a folder that goes when the tests end. */
export async function tempFile(content: string | Buffer, name = 'upload'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spreadsheet-'));
  folders.push(folder);
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** A workbook of one sheet, made by an ordinary writer. */
export async function workbook(
  fill: (sheet: exceljs.Worksheet, book: exceljs.Workbook) => void,
): Promise<string> {
  const book = new exceljs.Workbook();
  fill(book.addWorksheet('Danh sách'), book);
  return tempFile(Buffer.from(await book.xlsx.writeBuffer()), 'list.xlsx');
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Every row of an upload. */
export async function rowsOf(
  content: string | Buffer,
  fileName = 'upload.xlsx',
  options: XlsxOptions = {},
): Promise<SheetRow[]> {
  return collect((await openTable(await tempFile(content), fileName, options)).rows);
}
