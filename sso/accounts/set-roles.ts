import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import type { StaffRole } from '#schemas/sign-on.ts';
import { writeRoles } from '#sso/accounts/roles-store.ts';

/** Makes these the roles of a person; nothing is noted when they had them. */
export const setRoles = (
  { db }: { db: Database },
  given: { staffId: string; roles: StaffRole[]; actor: string; requestId?: string },
): Promise<void> =>
  inTransaction(db, async tx => {
    const { staffId, roles, actor, requestId } = given;
    if (!(await writeRoles(tx, staffId, roles, actor))) return;
    await appendAudit(tx, {
      actor,
      action: 'roles.set',
      object: `staff/${staffId}`,
      detail: { roles },
      ...(requestId === undefined ? {} : { requestId }),
    });
  });
