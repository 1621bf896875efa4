import type { Database, Tx } from '#hub/platform/database.ts';
import { type FileFormat, type RequestRow, readParts } from '#hub/signing/request-store.ts';

type Kept = Pick<RequestRow, 'id' | 'format'> & { parts: number };

/**
 * The file of a request as it is with its first `parts` parts: a PDF is all of them in their order, of XML the last is the
 * whole, any other file stays what came and its signatures (`.p7s`) stand beside it.
 */
export const readFile = async (db: Database | Tx, { id, format, parts }: Kept): Promise<Buffer> => {
  const all = await readParts(db, id, format === 'other' ? 1 : parts);
  // One part needs no copy: a file may have a hundred megabytes.
  return format === 'xml' || all.length === 1 ? all.at(-1)! : Buffer.concat(all);
};

/** The signature beside a file, by its place among the signatures; undefined: it is not made yet. */
export const readBeside = async (
  db: Database,
  { id, format, parts }: Kept,
  position: number,
): Promise<Buffer | undefined> =>
  format === 'other' && position < parts ? (await readParts(db, id, position + 1))[position] : undefined;

export const mediaTypes: Record<FileFormat, string> = {
  pdf: 'application/pdf',
  xml: 'application/xml',
  other: 'application/octet-stream',
};
