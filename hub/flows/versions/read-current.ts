import type { Database } from '#hub/platform/database.ts';
import type { FlowContents, FlowStage, FlowVersion } from '#schemas/flow.ts';
import { readVersion } from './read-version.ts';
import { readStage } from './stage-store.ts';

/** What a stage runs; undefined before its first version. */
export const readCurrent = async (
  db: Database,
  stage: FlowStage,
): Promise<
  { version: FlowVersion; contents: FlowContents; credentials: Record<string, unknown> } | undefined
> => {
  const running = await readStage(db, stage);
  return running && readVersion(db, running.version);
};
