import { sql } from 'kysely';
import { type Database, often, type Tx } from '#hub/platform/database.ts';
import type { StaffRole } from '#schemas/sign-on.ts';

export const readRoles = async (db: Database | Tx, staffId: string): Promise<StaffRole[]> => {
  const { rows } = await sql<{ role: StaffRole }>`${often}
    select role from staff_role where staff_id = ${staffId} order by role`.execute(db);
  return rows.map(row => row.role);
};

/** Makes these the person's roles; answers whether anything changed. */
export const writeRoles = async (
  tx: Tx,
  staffId: string,
  roles: StaffRole[],
  grantedBy: string,
): Promise<boolean> => {
  const removed = await sql`
    delete from staff_role where staff_id = ${staffId} and role <> all(${roles}::text[]) returning 1`.execute(
    tx,
  );
  const added = await sql`
    insert into staff_role (staff_id, role, granted_by)
    select ${staffId}, role, ${grantedBy} from unnest(${roles}::text[]) role
    on conflict do nothing returning 1`.execute(tx);
  return removed.rows.length + added.rows.length > 0;
};

/** Removes the roles that a person was granted until then; answers whether there were any. */
export const removeRoles = async (tx: Tx, staffId: string, until: Date): Promise<boolean> => {
  const { rows } = await sql`
    delete from staff_role where staff_id = ${staffId} and granted_at <= ${until} returning 1`.execute(tx);
  return rows.length > 0;
};
