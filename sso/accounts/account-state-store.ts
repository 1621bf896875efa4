import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** What a clerk sees of an account. */
export interface AccountRow {
  staffId: string;
  /** When the password was last used; null: there is none. */
  usedAt: Date | null;
  /** Until when a code is good that was made and not used. */
  codeUntil: Date | null;
  hasRole: boolean;
}

export const readAccounts = async (db: Database, staffIds: string[]): Promise<Map<string, AccountRow>> => {
  const { rows } = await sql<AccountRow>`
    select id as "staffId", p.used_at as "usedAt",
      (select expires_at from activation a where a.staff_id = id and used_at is null
         and expires_at > clock_timestamp()) as "codeUntil",
      exists (select from staff_role r where r.staff_id = id) as "hasRole"
    from unnest(${staffIds}::uuid[]) id left join password p on p.staff_id = id`.execute(db);
  return new Map(rows.map(row => [row.staffId, row]));
};
