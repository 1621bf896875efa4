import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { Delegation } from '#schemas/signing.ts';

/** What was decided by a delegation `d` on a day (Vietnam) and stands: what came back to be decided again does not count, nor when it ended so. */
const usedOn = (day: string) => sql`(select count(*)::int from signing_step s where s.delegation_id = d.id
  and s.state not in ('waiting', 'cancelled', 'expired') and s.decided_at >= ${day}::date::timestamp at time zone 'Asia/Ho_Chi_Minh'
  and s.decided_at < (${day}::date + 1)::timestamp at time zone 'Asia/Ho_Chi_Minh')`;

const columns = (day: string) => sql`d.id, d.staff_id as "staffId", d.to_staff_id as "toStaffId",
  d.from_day::text as "from", d.until_day::text as "until", d.limits, d.ended_at is not null as ended,
  ${usedOn(day)} as "usedToday"`;

export const insertDelegation = async (
  tx: Tx,
  given: Pick<Delegation, 'staffId' | 'toStaffId' | 'from' | 'until' | 'limits'>,
): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into signing_delegation (staff_id, to_staff_id, from_day, until_day, limits)
    values (${given.staffId}, ${given.toStaffId}, ${given.from}, ${given.until}, ${JSON.stringify(given.limits)}::jsonb)
    returning id`.execute(tx);
  return rows[0]!.id;
};

/** Those that a person gave or was given, newest first. `day`: today. */
export const delegationsOf = async (db: Database, staffId: string, day: string): Promise<Delegation[]> => {
  const { rows } = await sql<Delegation>`select ${columns(day)} from signing_delegation d
    where d.staff_id = ${staffId} or d.to_staff_id = ${staffId} order by d.created_at desc limit 200`.execute(
    db,
  );
  return rows;
};

/** By which this person decides on a day, the oldest first. */
export const openDelegationsTo = async (
  db: Database | Tx,
  staffId: string,
  day: string,
): Promise<Delegation[]> => {
  const { rows } = await sql<Delegation>`select ${columns(day)} from signing_delegation d
    where d.to_staff_id = ${staffId} and d.ended_at is null and ${day}::date between d.from_day and d.until_day
    order by d.created_at, d.id`.execute(db);
  return rows;
};

/**
 * Locks delegations, so that two decisions at once do not both count what was free; answers those that still hold. Steps that were
 * just decided point to them and hold their keys: `no key update` waits for no such step.
 */
export const lockDelegations = async (tx: Tx, ids: string[], day: string): Promise<Delegation[]> => {
  await sql`select 1 from signing_delegation where id = any(${ids}::uuid[]) order by id for no key update`.execute(
    tx,
  );
  const { rows } = await sql<Delegation>`select ${columns(day)} from signing_delegation d
    where d.id = any(${ids}::uuid[]) and d.ended_at is null and ${day}::date between d.from_day and d.until_day`.execute(
    tx,
  );
  return rows;
};

/** Ends what a person gave; false: there is none such. */
export const endDelegation = async (tx: Tx, staffId: string, id: string): Promise<boolean> => {
  const { rows } = await sql`update signing_delegation set ended_at = coalesce(ended_at, clock_timestamp())
    where id = ${id} and staff_id = ${staffId} returning 1`.execute(tx);
  return rows.length > 0;
};
