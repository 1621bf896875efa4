import { isDeepStrictEqual } from 'node:util';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { FlowContents, FlowVersion } from '#schemas/flow.ts';
import { moveStage } from './move-stage.ts';
import { toNormalForm } from './normal-form.ts';
import { lockStage, readStage } from './stage-store.ts';
import { findContents, findVersion, insertVersion } from './version-store.ts';

/** What the editor sends. */
export interface Deploy {
  /** The version that the person saw; absent: there was none. */
  base?: number;
  contents: FlowContents;
  credentials: Record<string, unknown>;
  author: string;
  authorName: string;
  message: string;
}

const stage = 'sandbox';

/**
 * Makes a version and lets the sandbox run it. What is there already makes none, so a deploy whose answer was lost can be
 * sent again.
 *
 * @throws {AppError} `flow-conflict` the sandbox runs another version than `base`: it stays, and what was sent is kept as a
 *   version that no stage runs; `flow-version-unknown` there is no version `base`
 */
export const deploy = async (
  { db, wake }: Pick<PartContext, 'db' | 'wake'>,
  { contents: given, ...rest }: Deploy,
): Promise<FlowVersion> => {
  const contents = toNormalForm(given);
  const outcome = await inTransaction(db, async tx => {
    await lockStage(tx, stage);
    const running = await readStage(tx, stage);
    const there = running && (await findContents(tx, running.version));
    if (running !== undefined && isDeepStrictEqual(there, { contents, credentials: rest.credentials }))
      return { version: running.version };
    if (rest.base !== undefined && (await findVersion(tx, rest.base)) === undefined)
      throw new AppError('flow-version-unknown', { number: rest.base });
    const version = await insertVersion(tx, { ...rest, base: rest.base, contents });
    const { author: actor, authorName: actorName, message: reason } = rest;
    if (running?.version === rest.base) {
      const before = running?.version;
      await moveStage(tx, { stage, version, before, kind: 'deploy', actor, actorName, reason });
      return { version };
    }
    const detail = { base: rest.base ?? 0, running: running?.version ?? 0 };
    await appendAudit(tx, {
      ...{ actor, action: 'flow.deploy-refused', object: `flow-version/${version}`, detail },
    });
    return { version, conflict: running };
  });
  if ('conflict' in outcome)
    throw new AppError('flow-conflict', {
      name: outcome.conflict?.actorName ?? '',
      at: outcome.conflict?.at ?? '',
      number: outcome.conflict?.version ?? 0,
      base: rest.base ?? 0,
      kept: outcome.version,
    });
  wake.notify('flow-versions');
  return (await findVersion(db, outcome.version))!;
};
