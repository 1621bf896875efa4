import type { Database, Tx } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { FlowContents, FlowVersion } from '#schemas/flow.ts';
import { findContents, findVersion } from './version-store.ts';

/** A version with all that is in it. @throws {AppError} `flow-version-unknown` */
export const readVersion = async (
  db: Database | Tx,
  number: number,
): Promise<{ version: FlowVersion; contents: FlowContents; credentials: Record<string, unknown> }> => {
  const version = await findVersion(db, number);
  const held = await findContents(db, number);
  if (version === undefined || held === undefined) throw new AppError('flow-version-unknown', { number });
  return { version, ...held };
};
