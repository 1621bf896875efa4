import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { dropActivation } from '#sso/accounts/activation-store.ts';
import { readRoles, removeRoles } from '#sso/accounts/roles-store.ts';

/**
 * Takes from who has left what they were given here until then: roles, and a code that they have not used. Whoever
 * returns years later begins without; what they are given after their return stays, also when this is done late or again.
 */
export const takeRights = (
  db: Database,
  { staffId, until }: { staffId: string; until: Date },
): Promise<void> =>
  inTransaction(db, async tx => {
    await dropActivation(tx, staffId, until);
    if (!(await removeRoles(tx, staffId, until))) return;
    await appendAudit(tx, {
      actor: 'system',
      action: 'roles.set',
      object: `staff/${staffId}`,
      detail: { roles: await readRoles(tx, staffId), reason: 'left' },
    });
  });
