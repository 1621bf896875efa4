import { open } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { SpreadsheetError } from './spreadsheet-error.ts';

/** Bytes that are looked at from the start. */
const sample = 64 * 1024;
const oleMagic = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/**
 * Tells by content whether a file is a zip package or text that can be CSV.
 * @throws SpreadsheetError `empty`, `old-xls`, `encrypted`, `not-a-spreadsheet`
 */
export async function sniffFile(path: string): Promise<{ kind: 'zip' } | { kind: 'text'; start: string }> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(sample), 0, sample, 0);
    const start = buffer.subarray(0, bytesRead);
    if (bytesRead === 0) throw new SpreadsheetError('empty');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the magic number of a zip package
    if (/^PK(\x03\x04|\x05\x06)/.test(start.toString('latin1', 0, 4))) return { kind: 'zip' };
    if (start.subarray(0, 8).equals(oleMagic)) {
      // Cut off before its own header ends: whatever it was, it cannot be read.
      if (bytesRead < 52) throw new SpreadsheetError('old-xls');
      // The names of the streams inside stand in one sector (MS-CFB 2.2: its number is at 48).
      const sector = 2 ** Math.min(start.readUInt16LE(30), 12);
      const names = Buffer.alloc(4096);
      await file.read(names, 0, names.length, (start.readUInt32LE(48) + 1) * sector);
      throw oldFile(names);
    }
    const text = decode(start);
    const found = foreignText(text) ?? (looksBinary(text) ? 'binary' : undefined);
    if (found) throw new SpreadsheetError('not-a-spreadsheet', { found });
    return { kind: 'text', start: text };
  } finally {
    await file.close();
  }
}

function oldFile(names: Buffer): SpreadsheetError {
  const holds = (name: string) => names.includes(Buffer.from(name, 'utf16le'));
  if (holds('EncryptedPackage')) return new SpreadsheetError('encrypted');
  if (holds('WordDocument')) return new SpreadsheetError('not-a-spreadsheet', { found: 'doc' });
  if (holds('PowerPoint Document')) return new SpreadsheetError('not-a-spreadsheet', { found: 'ppt' });
  return new SpreadsheetError('old-xls');
}

function decode(start: Buffer): string {
  const mark = start.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'latin1';
  return new TextDecoder(encoding).decode(start);
}

/** Web pages and XML sheets under the name of a workbook are common exports of older software. */
function foreignText(text: string): string | undefined {
  const head = text
    .replace(/^(\u00ef\u00bb\u00bf|\s)+/, '')
    .slice(0, 200)
    .toLowerCase();
  if (head.startsWith('%pdf')) return 'pdf';
  if (head.startsWith('{\\rtf')) return 'rtf';
  if (/^<(!doctype html|html|head|body|table|meta|style|div)\b/.test(head)) return 'html';
  if (head.startsWith('<?xml') || head.startsWith('<!')) return 'xml';
  return undefined;
}

/** Text has no NUL and next to no other control characters. */
function looksBinary(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const controls = text.match(/[\x00-\x08\x0e-\x1f]/g)?.length ?? 0;
  return text.includes('\0') || controls > text.length / 100;
}
