import { crc32 } from 'node:zlib';
import { type Entry, openPromise } from 'yauzl';
import { SpreadsheetError } from './spreadsheet-error.ts';
import type { TableLimits } from './table-limits.ts';

/** The parts of a package, by name without a leading slash; case does not count (ECMA-376 part 2). */
export interface ZipParts {
  has(name: string): boolean;
  /** Inflates one part. Size and checksum are held to what the directory declares. */
  read(name: string): AsyncIterable<Buffer>;
  close(): void;
}

/**
 * Opens a zip package and holds it to the limits before a byte is inflated; `read` then holds the bytes to
 * the declared sizes, so that a directory that lies helps nobody.
 * @throws SpreadsheetError `broken-zip`, `zip-bomb`, `encrypted`
 */
export async function openZip(path: string, limits: TableLimits): Promise<ZipParts> {
  const zip = await openPromise(path, { autoClose: false }).catch(broken);
  const entries = new Map<string, Entry>();
  try {
    if (zip.entryCount > limits.entries) throw new SpreadsheetError('zip-bomb', { entries: zip.entryCount });
    let total = 0;
    for await (const entry of zip.eachEntry()) {
      total += entry.uncompressedSize;
      checkEntry(entry, total, limits);
      const name = entry.fileName.toLowerCase();
      // Two programs would read two different files out of such a package.
      if (entries.has(name)) throw new SpreadsheetError('broken-zip', { reason: 'duplicate entry' });
      entries.set(name, entry);
    }
  } catch (error) {
    zip.close();
    return broken(error);
  }
  return {
    has: name => entries.has(name.toLowerCase()),
    close: () => zip.close(),
    async *read(name) {
      const entry = entries.get(name.toLowerCase());
      if (!entry) throw new SpreadsheetError('broken-zip', { reason: `no ${name}` });
      let checksum = 0;
      try {
        for await (const chunk of await zip.openReadStreamPromise(entry)) {
          checksum = crc32(chunk, checksum);
          yield chunk;
        }
      } catch (error) {
        broken(error);
      }
      if (checksum !== entry.crc32) throw new SpreadsheetError('broken-zip', { reason: 'checksum' });
    },
  };
}

function checkEntry(entry: Entry, total: number, limits: TableLimits): void {
  if (entry.isEncrypted()) throw new SpreadsheetError('encrypted');
  if (total > limits.inflatedBytes) throw new SpreadsheetError('zip-bomb', { bytes: total });
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  if (entry.uncompressedSize > limits.ratioFrom && ratio > limits.ratio)
    throw new SpreadsheetError('zip-bomb', { ratio: Math.round(ratio) });
}

function broken(cause: unknown): never {
  if (cause instanceof SpreadsheetError) throw cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  // yauzl's words for an entry that holds more than it declares.
  if (reason.startsWith('too many bytes')) throw new SpreadsheetError('zip-bomb', { reason }, { cause });
  if ((cause as NodeJS.ErrnoException)?.syscall) throw cause;
  throw new SpreadsheetError('broken-zip', { reason }, { cause });
}
