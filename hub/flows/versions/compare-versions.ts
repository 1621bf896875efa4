import { isDeepStrictEqual } from 'node:util';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { FlowDifference } from '#schemas/flow-version.ts';
import { compareContents } from './difference/compare-contents.ts';
import { readVersion } from './read-version.ts';

/** What makes `to` differ from `from` (undefined: from nothing). @throws {AppError} `flow-version-unknown` */
export const compareVersions = async (
  db: Database | Tx,
  from: number | undefined,
  to: number,
): Promise<FlowDifference> => {
  const after = await readVersion(db, to);
  const before = from === undefined ? { contents: [], credentials: {} } : await readVersion(db, from);
  return {
    ...compareContents(before.contents, after.contents),
    credentials: !isDeepStrictEqual(before.credentials, after.credentials),
  };
};
