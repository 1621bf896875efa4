import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import type { AttemptRow } from './settle-store.ts';

/** An attempt as it was written, with the name that it got. */
export type StoredAttempt = Omit<AttemptRow, 'subscriptionId' | 'at'> & {
  id: string;
  at: Date;
  /** `at` to the microsecond, for the page cursor. */
  exactAt: string;
};

const columns = sql`
  id, event_id as "eventId", type, subject, at, at::text as "exactAt", status, outcome, error_code as "errorCode",
  duration_ms as "durationMs", attempt, repeat, answer`;

/** Newest first, before a place in that order. */
export const listAttempts = async (
  db: Database,
  subscriptionId: string,
  filter: {
    eventId?: string | undefined;
    outcome?: string | undefined;
    status?: number | undefined;
    subject?: string | undefined;
    before: { at: string; id: string } | undefined;
    limit: number;
  },
): Promise<StoredAttempt[]> => {
  const { eventId, outcome, status, subject, before, limit } = filter;
  const { rows } = await sql<StoredAttempt>`
    select ${columns} from delivery_attempt
    where subscription_id = ${subscriptionId}::uuid
      ${eventId === undefined ? sql`` : sql`and event_id = ${eventId}::uuid`}
      ${outcome === undefined ? sql`` : sql`and outcome = ${outcome}`}
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${subject === undefined ? sql`` : sql`and subject = ${subject}`}
      ${before === undefined ? sql`` : sql`and (at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`}
    order by at desc, id desc limit ${limit}
  `.execute(db);
  return rows;
};

export const findAttempt = async (
  db: Database,
  subscriptionId: string,
  id: string,
): Promise<StoredAttempt | undefined> => {
  const { rows } = await sql<StoredAttempt>`
    select ${columns} from delivery_attempt
    where subscription_id = ${subscriptionId}::uuid and id = ${id}::uuid
  `.execute(db);
  return rows[0];
};

/** Which of these events were delivered, by the attempts that are recorded. */
export const findDelivered = async (
  db: Database,
  subscriptionId: string,
  eventIds: string[],
): Promise<Set<string>> => {
  const { rows } = await sql<{ id: string }>`
    select distinct event_id as id from delivery_attempt
    where event_id = any(${eventIds}::uuid[]) and subscription_id = ${subscriptionId}::uuid
      and outcome = 'delivered'
  `.execute(db);
  return new Set(rows.map(({ id }) => id));
};
