import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** Where a subscription stands now and how its receiver answers. Times in ISO form. */
export interface Mark {
  id: string;
  epoch: number;
  xid: string;
  position: number;
  failures: number;
  failingSince: string | null;
  lastSuccessAt: string | null;
  lastErrorAt: string | null;
  lastErrorCode: string | null;
  lastErrorStatus: number | null;
  /** The replay is over. */
  caughtUp: boolean;
}

export interface ParkedPut {
  subscriptionId: string;
  xid: string;
  position: number;
  eventId: string;
  type: string;
  subject: string;
  state: 'waiting' | 'dead';
  attempts: number;
  dueAt: string;
  delayMs: number;
  asked: boolean;
  errorCode: string | null;
}

/** One attempt to post an event, and what came of it. */
export interface AttemptRow {
  subscriptionId: string;
  eventId: string;
  type: string;
  subject: string;
  at: string;
  status: number | null;
  outcome: 'delivered' | 'failed';
  errorCode: string | null;
  durationMs: number;
  attempt: number;
  repeat: boolean;
  answer: string | null;
}

/** What one write settles, of any number of subscriptions. */
export interface Settlement {
  marks: Mark[];
  put: ParkedPut[];
  remove: { subscriptionId: string; xid: string; position: number }[];
  attempts: AttemptRow[];
}

const removeRows = (remove: Settlement['remove']) =>
  remove.length === 0
    ? sql``
    : sql`, removed as (
        delete from delivery_parked p
        using jsonb_to_recordset(${JSON.stringify(remove)}::jsonb)
          as r("subscriptionId" uuid, xid text, position bigint), held
        where held.id = r."subscriptionId" and p.subscription_id = r."subscriptionId"
          and p.xid = r.xid::xid8 and p.position = r.position)`;

const putRows = (put: ParkedPut[]) =>
  put.length === 0
    ? sql``
    : sql`, put as (
        insert into delivery_parked (subscription_id, xid, position, event_id, type, subject, state, attempts,
          due_at, delay_ms, asked, error_code)
        select r."subscriptionId", r.xid::xid8, r.position, r."eventId", r.type, r.subject, r.state, r.attempts,
          r."dueAt", r."delayMs", r.asked, r."errorCode"
        from jsonb_to_recordset(${JSON.stringify(put)}::jsonb) as r("subscriptionId" uuid, xid text, position bigint,
          "eventId" uuid, type text, subject text, state text, attempts int, "dueAt" timestamptz, "delayMs" bigint,
          asked boolean, "errorCode" text)
        join held on held.id = r."subscriptionId"
        on conflict (subscription_id, xid, position) do update
          set state = excluded.state, attempts = excluded.attempts, due_at = excluded.due_at,
              delay_ms = excluded.delay_ms, error_code = excluded.error_code, updated_at = clock_timestamp())`;

/** One array a column: PostgreSQL takes a row in two thirds of the time that it needs to read it from JSON. */
const logAttempts = (attempts: AttemptRow[]) => {
  const all = <K extends keyof AttemptRow>(name: K): AttemptRow[K][] => attempts.map(row => row[name]);
  return attempts.length === 0
    ? sql``
    : sql`, tried as (
        insert into delivery_attempt (subscription_id, event_id, type, subject, at, status, outcome, error_code,
          duration_ms, attempt, repeat, answer)
        select * from unnest(${all('subscriptionId')}::uuid[], ${all('eventId')}::uuid[], ${all('type')}::text[],
          ${all('subject')}::text[], ${all('at')}::timestamptz[], ${all('status')}::int[], ${all('outcome')}::text[],
          ${all('errorCode')}::text[], ${all('durationMs')}::int[], ${all('attempt')}::int[],
          ${all('repeat')}::boolean[], ${all('answer')}::text[]))`;
};

/**
 * Moves the places of subscriptions and writes what was parked, in one statement and so in one transaction. Only
 * where this node still serves the subscription and nobody has set its place by hand meanwhile. Attempts are facts
 * and are written in any case.
 */
export const writeSettlement = async (
  db: Database,
  node: string,
  { marks, put, remove, attempts }: Settlement,
): Promise<void> => {
  await sql`
    with held as (
      update subscription s set
        xid = m.xid::xid8, position = m.position, failures = m.failures, failing_since = m."failingSince",
        last_success_at = coalesce(m."lastSuccessAt", s.last_success_at),
        last_error_at = coalesce(m."lastErrorAt", s.last_error_at),
        last_error_code = coalesce(m."lastErrorCode", s.last_error_code),
        last_error_status = case when m."lastErrorAt" is null then s.last_error_status else m."lastErrorStatus" end,
        replay_to_xid = case when not m."caughtUp" then s.replay_to_xid end,
        replay_to_position = case when not m."caughtUp" then s.replay_to_position end,
        replay_until_xid = case when not m."caughtUp" then s.replay_until_xid end,
        replay_until_position = case when not m."caughtUp" then s.replay_until_position end
      from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as m(id uuid, epoch bigint, xid text, position bigint,
        failures int, "failingSince" timestamptz, "lastSuccessAt" timestamptz, "lastErrorAt" timestamptz,
        "lastErrorCode" text, "lastErrorStatus" int, "caughtUp" boolean)
      where s.id = m.id and s.epoch = m.epoch and s.lease_node = ${node}::uuid
      returning s.id)
    ${removeRows(remove)} ${putRows(put)} ${logAttempts(attempts)}
    select 1
  `.execute(db);
};
