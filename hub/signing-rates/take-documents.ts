import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { IssuedDocument } from '#schemas/signing-rates.ts';
import { readUnits } from './find-unit.ts';
import { type ReportedDocument, writeReported } from './rates-store.ts';

/**
 * Keeps what an app reports as issued. The same document again replaces what it said before; the last one of a batch
 * holds. A unit that nobody knows refuses the whole batch. @throws AppError `invalid-request`
 */
export const takeDocuments = async (
  { db, call }: Pick<PartContext, 'db' | 'call'>,
  appId: string,
  documents: IssuedDocument[],
): Promise<void> => {
  const units = await readUnits(call);
  const faults = documents.flatMap(({ unit }, at) =>
    units.find(unit) === undefined ? [{ pointer: `/documents/${at}/unit`, code: 'unknown-unit' }] : [],
  );
  if (faults.length > 0) throw new AppError('invalid-request', {}, { faults: faults.slice(0, 100) });
  const reported = documents.map(({ documentId, unit, issuedOn, signed }): [string, ReportedDocument] => [
    documentId,
    { documentId, unitId: units.find(unit)!.id, issuedOn, signed },
  ]);
  await writeReported(db, appId, [...new Map(reported).values()]);
};
