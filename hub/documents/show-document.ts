import { type DocumentRow, filesOf, readHeader, versionsOf } from '#hub/documents/document-store.ts';
import { knownCodes } from '#hub/documents/next-state.ts';
import { troublesOf } from '#hub/documents/outbox-store.ts';
import { receiversOf, statusesOf } from '#hub/documents/receiver-store.ts';
import type { Database } from '#hub/platform/database.ts';
import type { ShownDocument } from '#schemas/document.ts';

/** A document in the form that holds now, with all that became of it. */
export const showDocument = async (db: Database, row: DocumentRow): Promise<ShownDocument> => {
  const [header, receivers, troubles, files, statuses, versions] = await Promise.all([
    readHeader(db, row.versionId),
    receiversOf(db, [row.id]),
    troublesOf(db, [row.id]),
    filesOf(db, row.versionId),
    statusesOf(db, row.id),
    versionsOf(db, row.id),
  ]);
  return {
    id: row.id,
    header,
    origin: row.origin,
    ...(row.originApp === null ? {} : { app: row.originApp }),
    createdAt: row.createdAt.toISOString(),
    receivers: receivers.map(({ key, organ, unitId, state, changedAt }) => {
      const trouble = troubles.find(({ receiver }) => receiver === key)?.reason;
      return {
        organId: organ.organId,
        ...(organ.name === undefined ? {} : { name: organ.name }),
        ...(unitId === null ? {} : { unitId }),
        state,
        changedAt: changedAt.toISOString(),
        ...(trouble === undefined ? {} : { trouble }),
      };
    }),
    files: files.map(({ description, ...file }) => ({
      ...file,
      ...(description === null ? {} : { description }),
    })),
    statuses: statuses.map(({ status, code, moved, heardAt }) => ({
      ...{ status, moved },
      known: knownCodes.includes(code),
      heardAt: heardAt.toISOString(),
    })),
    forms: versions.map(({ kind, at, reason }) => ({
      kind,
      at: at.toISOString(),
      ...(reason === null ? {} : { reason }),
    })),
  };
};
