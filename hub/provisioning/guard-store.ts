import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** One node at a time decides for an app. Must be the transaction's first statement. */
export const lockGuard = async (tx: Tx, app: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(7412, hashtext(${app}))`.execute(tx);
};

/** Who of these was let pass within the window already (a repetition), and how many were, by unit. */
export const recentDisables = async (
  tx: Tx,
  app: string,
  staffIds: string[],
  windowMs: number,
): Promise<{ byUnit: Map<string, number>; already: Set<string> }> => {
  const { rows } = await sql<{ unit: string; count: number; already: string[] | null }>`
    select coalesce(disable_unit::text, '') as unit, count(*)::int as count,
      array_agg(staff_id::text) filter (where staff_id = any(${staffIds}::uuid[])) as already
    from provisioning_task
    where app = ${app} and disable_at > now() - ${windowMs} * interval '1 millisecond'
    group by 1
  `.execute(tx);
  return {
    byUnit: new Map(rows.map(row => [row.unit, row.count])),
    already: new Set(rows.flatMap(row => row.already ?? [])),
  };
};

export const markDisables = async (
  tx: Tx,
  app: string,
  disables: { staffId: string; unitId?: string | undefined }[],
): Promise<void> => {
  if (disables.length === 0) return;
  await sql`
    update provisioning_task t set disable_at = now(), disable_unit = d.unit_id
    from unnest(${disables.map(one => one.staffId)}::uuid[],
                ${disables.map(one => one.unitId ?? null)}::uuid[]) d(staff_id, unit_id)
    where t.app = ${app} and t.staff_id = d.staff_id
  `.execute(tx);
};

export const countAccounts = async (db: Database | Tx, app: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from account where app = ${app} and external_id is not null`.execute(db);
  return rows[0]!.count;
};
