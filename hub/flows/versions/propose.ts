import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { FlowProposal } from '#schemas/flow-version.ts';
import { findWaiting, insertProposal } from './proposal-store.ts';
import { lockStage, readStage } from './stage-store.ts';
import { findVersion } from './version-store.ts';

/** Asks that production runs a version. @throws {AppError} `flow-version-unknown` */
export const propose = (
  db: Database,
  given: { version: number; message: string; actor: string; actorName: string },
): Promise<FlowProposal> =>
  inTransaction(db, async tx => {
    const { version, message, actor: author, actorName: authorName } = given;
    await lockStage(tx, 'production');
    if ((await findVersion(tx, version)) === undefined)
      throw new AppError('flow-version-unknown', { number: version });
    const base = (await readStage(tx, 'production'))?.version;
    const waiting = await findWaiting(tx, { version, base });
    if (waiting !== undefined) return waiting;
    const proposal = await insertProposal(tx, { version, base, author, authorName, message });
    await appendAudit(tx, {
      actor: author,
      action: 'flow.proposed',
      object: `flow-version/${version}`,
      detail: { proposal: proposal.number, base: base ?? 0 },
    });
    return proposal;
  });
