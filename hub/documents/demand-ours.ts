import { type DocumentRow, findDocument } from '#hub/documents/document-store.ts';
import type { Database, Tx } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';

/** A document that one of our units sent. @throws AppError `unknown-document` */
export const demandOurs = async (db: Database | Tx, id: string): Promise<DocumentRow> => {
  const row = await findDocument(db, id);
  if (row === undefined || row.origin === 'axis') throw new AppError('unknown-document');
  return row;
};
