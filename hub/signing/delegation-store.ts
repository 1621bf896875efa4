import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** A period in which somebody else decides. */
export interface Delegation {
  id: string;
  staffId: string;
  toStaffId: string;
  from: string;
  until: string;
  ended: boolean;
}

const columns = sql`id, staff_id as "staffId", to_staff_id as "toStaffId", from_day::text as "from",
  until_day::text as "until", ended_at is not null as ended`;

export const insertDelegation = async (
  tx: Tx,
  given: Pick<Delegation, 'staffId' | 'toStaffId' | 'from' | 'until'>,
): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into signing_delegation (staff_id, to_staff_id, from_day, until_day)
    values (${given.staffId}, ${given.toStaffId}, ${given.from}, ${given.until}) returning id`.execute(tx);
  return rows[0]!.id;
};

/** Those that a person gave or was given, newest first. */
export const delegationsOf = async (db: Database, staffId: string): Promise<Delegation[]> => {
  const { rows } = await sql<Delegation>`select ${columns} from signing_delegation
    where staff_id = ${staffId} or to_staff_id = ${staffId} order by created_at desc limit 200`.execute(db);
  return rows;
};

/** For whom this person decides on a day. */
export const delegatorsOf = async (db: Database | Tx, staffId: string, day: string): Promise<string[]> => {
  const { rows } = await sql<{ staffId: string }>`
    select distinct staff_id as "staffId" from signing_delegation
    where to_staff_id = ${staffId} and ended_at is null and ${day}::date between from_day and until_day`.execute(
    db,
  );
  return rows.map(row => row.staffId);
};

/** Ends what a person gave; false: there is none such. */
export const endDelegation = async (tx: Tx, staffId: string, id: string): Promise<boolean> => {
  const { rows } = await sql`update signing_delegation set ended_at = coalesce(ended_at, clock_timestamp())
    where id = ${id} and staff_id = ${staffId} returning 1`.execute(tx);
  return rows.length > 0;
};
