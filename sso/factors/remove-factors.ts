import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { listFactors, removeAllFactors, removeFactor } from '#sso/factors/factor-store.ts';
import { forgetAllAttempts } from '#sso/factors/failure-store.ts';
import { replaceRecoveryCodes } from '#sso/factors/recovery-code-store.ts';
import { type EndDeps, endAllOf } from '#sso/sessions/end-sessions.ts';

/** Removes one of a person's factors; with the last one their recovery codes go too: they stood in for it. */
export const removeOneFactor = (
  db: Database,
  { staffId, id, requestId }: { staffId: string; id: string; requestId: string },
): Promise<void> =>
  inTransaction(db, async tx => {
    const kind = await removeFactor(tx, staffId, id);
    if (kind === undefined) return;
    if ((await listFactors(tx, staffId)).length === 0) await replaceRecoveryCodes(tx, staffId, []);
    await appendAudit(tx, {
      actor: `staff/${staffId}`,
      action: 'factor.removed',
      object: `staff/${staffId}`,
      detail: { kind, factor: id },
      requestId,
    });
  });

/**
 * Takes all factors and recovery codes from a person, and forgets their failures. Their sessions end too: whoever has the
 * lost telephone may hold one.
 */
export const removeFactors = async (
  deps: EndDeps,
  given: { staffId: string; actor: string; requestId?: string },
): Promise<void> => {
  const { staffId, actor, requestId } = given;
  await inTransaction(deps.db, async tx => {
    const removed = await removeAllFactors(tx, staffId);
    await replaceRecoveryCodes(tx, staffId, []);
    await forgetAllAttempts(tx, staffId);
    await appendAudit(tx, {
      actor,
      action: 'factor.removed',
      object: `staff/${staffId}`,
      detail: { all: removed },
      ...(requestId === undefined ? {} : { requestId }),
    });
  });
  await endAllOf(deps, staffId, { reason: 'revoked', actor, requestId });
};
