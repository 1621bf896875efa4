import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { isUuid } from './page-cursor.ts';
import { replayTasks as replayRows } from './replay-store.ts';

export interface Replay {
  id?: string;
  app?: string;
  code?: string;
  state?: 'dead' | 'held';
  actor: string;
}

const splitId = (id: string): { app: string; staffId: string } => {
  const at = id.lastIndexOf(':');
  const staffId = id.slice(at + 1);
  if (at < 1 || !isUuid(staffId)) throw new AppError('not-found');
  return { app: id.slice(0, at), staffId };
};

/**
 * Puts stopped tasks back to work: one by id (dead or held; `not-found` when it is neither), or all that the
 * filter names. Without a state a bulk replay means the dead ones: held ones are let go only by that word.
 */
export const replayTasks = (db: Database, { id, actor, ...filter }: Replay): Promise<{ replayed: number }> =>
  inTransaction(db, async tx => {
    const replayed =
      id === undefined
        ? await replayRows(tx, { ...filter, state: filter.state ?? 'dead' })
        : await replayRows(tx, { ...splitId(id), ...(filter.state ? { state: filter.state } : {}) });
    if (id !== undefined && replayed === 0) throw new AppError('not-found');
    if (replayed > 0)
      await appendAudit(tx, {
        actor,
        action: 'provisioning.replayed',
        object: `app/${id === undefined ? (filter.app ?? '*') : splitId(id).app}`,
        detail: { ...filter, ...(id === undefined ? {} : { id }), replayed },
      });
    return { replayed };
  });
