import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { removeLink } from '#sso/upstream/links-store.ts';

/**
 * Takes the link between a person and a source away, when their account there was made anew: the next sign-in links
 * again by the key.
 *
 * @throws {AppError} `not-found`
 */
export const unlinkPerson = (
  db: Database,
  { sourceId, staffId, ...by }: { sourceId: string; staffId: string; actor: string; requestId?: string },
): Promise<void> =>
  inTransaction(db, async tx => {
    if (!(await removeLink(tx, sourceId, staffId))) throw new AppError('not-found');
    await appendAudit(tx, {
      ...by,
      action: 'upstream.unlinked',
      object: `staff/${staffId}`,
      detail: { source: sourceId },
    });
  });
