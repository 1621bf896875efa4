import type { Database, Tx } from '#hub/platform/database.ts';
import { type FileFormat, type RequestRow, readParts } from '#hub/signing/request-store.ts';

type Kept = Pick<RequestRow, 'id' | 'format'> & { parts: number };

/**
 * The file of a request as it is with its first `parts` parts: a PDF is all of them in their order, of XML the last is the
 * whole, any other file stays what came and its signatures (`.p7s`) stand beside it.
 */
export const readFile = (db: Database | Tx, { id, format, parts }: Kept): Promise<Buffer<ArrayBuffer>> =>
  readParts(
    db,
    id,
    {
      pdf: { first: 0, count: parts },
      xml: { first: parts - 1, count: 1 },
      other: { first: 0, count: 1 },
    }[format],
  );

/** The signature beside a file, by its place among the signatures; undefined: it is not made yet. */
export const readBeside = async (
  db: Database,
  { id, format, parts }: Kept,
  position: number,
): Promise<Buffer | undefined> =>
  format === 'other' && position < parts ? readParts(db, id, { first: position, count: 1 }) : undefined;

export const mediaTypes: Record<FileFormat, string> = {
  pdf: 'application/pdf',
  xml: 'application/xml',
  other: 'application/octet-stream',
};
