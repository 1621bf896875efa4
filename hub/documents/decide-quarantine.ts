import { readConnected } from '#hub/documents/connected-apps.ts';
import { faultOf } from '#hub/documents/document-fault.ts';
import {
  decideQuarantine,
  findQuarantine,
  type QuarantineRow,
  quarantinedBytes,
  setQuarantineReason,
} from '#hub/documents/quarantine-store.ts';
import { takePackage } from '#hub/documents/take-package.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';

const demandWaiting = async ({ db }: PartContext, id: string): Promise<QuarantineRow> => {
  const row = await findQuarantine(db, id);
  if (row === undefined) throw new AppError('unknown-quarantine');
  if (row.state !== 'waiting') throw new AppError('quarantine-decided', { state: row.state });
  return row;
};

const decide = (
  context: PartContext,
  row: QuarantineRow,
  decision: { state: 'released' | 'rejected'; note?: string | undefined; actor: string },
): Promise<void> =>
  inTransaction(context.db, async tx => {
    if (!(await decideQuarantine(tx, row.id, decision)))
      throw new AppError('quarantine-decided', { state: '' });
    const action = `document-quarantine.${decision.state}`;
    await appendAudit(tx, { actor: decision.actor, action, object: `document-quarantine/${row.id}` });
  });

/**
 * Tries again what waits, after the cause was mended (a code entered, a document that came meanwhile).
 * @throws AppError `document-refused` with what is still wrong
 */
export const releaseQuarantined = async (context: PartContext, id: string, actor: string): Promise<void> => {
  const row = await demandWaiting(context, id);
  try {
    const { systems } = await readConnected(context.call);
    // What an app of ours gave is its own, what an axis brought comes from outside.
    const from = systems.includes(row.source) ? 'app' : 'axis';
    await takePackage(context, { source: row.source, from }, await quarantinedBytes(context.db, id));
  } catch (error) {
    const fault = faultOf(error);
    if (fault !== undefined) await setQuarantineReason(context.db, id, fault);
    throw error;
  }
  await decide(context, row, { state: 'released', actor });
};

/** Nothing is done with it; the bytes stay for evidence. */
export const rejectQuarantined = async (
  context: PartContext,
  id: string,
  { note, actor }: { note: string; actor: string },
): Promise<void> => decide(context, await demandWaiting(context, id), { state: 'rejected', note, actor });
