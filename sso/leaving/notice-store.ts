import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import type { LogoutNotice } from '#sso/leaving/logout-sender.ts';

/** A notice that this process may send now. */
export interface ClaimedNotice extends LogoutNotice {
  id: number;
  /** This one counted. */
  attempts: number;
  /** Since it was written, in milliseconds. */
  age: number;
}

/** Clients with notices that are due, and how many. */
export const readDueClients = async (db: Database): Promise<{ clientId: string; due: number }[]> => {
  const { rows } = await sql<{ clientId: string; due: number }>`
    select client_id as "clientId", count(*)::int as due from sign_out_notice
    where state = 'waiting' and due_at <= clock_timestamp() group by client_id`.execute(db);
  return rows;
};

/** In how many milliseconds the next notice is due; undefined: none waits. */
export const readNextDue = async (db: Database): Promise<number | undefined> => {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from min(due_at) - clock_timestamp()) * 1000)::float8 as ms
    from sign_out_notice where state = 'waiting'`.execute(db);
  return rows[0]?.ms ?? undefined;
};

/** Takes a client's next notice for `leaseMs`: nobody else takes it, and it comes again if this process ends. */
export const claimNotice = async (
  db: Database,
  clientId: string,
  leaseMs: number,
): Promise<ClaimedNotice | undefined> => {
  const { rows } = await sql<ClaimedNotice>`
    update sign_out_notice set attempts = attempts + 1,
      due_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    where id = (
      select id from sign_out_notice
      where state = 'waiting' and client_id = ${clientId} and due_at <= clock_timestamp()
      order by due_at, id limit 1 for update skip locked)
    returning id, staff_id as "staffId", client_id as "clientId", app_id as "appId", sid, sids, detail, attempts,
      (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as age`.execute(db);
  return rows[0];
};

export const settleNotice = async (
  db: Database,
  { id, attempts }: ClaimedNotice,
  state: 'told' | 'not-wanted' | 'given-up',
  error?: string,
): Promise<void> => {
  await sql`
    update sign_out_notice set state = ${state}, last_error = ${error ?? null}, settled_at = clock_timestamp()
    where id = ${id} and attempts = ${attempts}`.execute(db);
};

export const putOffNotice = async (
  db: Database,
  { id, attempts }: ClaimedNotice,
  { error, ms }: { error: string; ms: number },
): Promise<void> => {
  await sql`
    update sign_out_notice set last_error = ${error},
      due_at = clock_timestamp() + ${ms} * interval '1 millisecond'
    where id = ${id} and attempts = ${attempts}`.execute(db);
};

/** What became of telling an app. */
export interface NoticeRow {
  clientId: string;
  appId: string | null;
  /** Null: all sessions of the person. */
  uid: string | null;
  reason: string;
  state: string;
  attempts: number;
  dueAt: Date;
  lastError: string | null;
  createdAt: Date;
  settledAt: Date | null;
}

/** The person's notices, newest first. */
export const readNotices = async (db: Database, staffId: string, limit: number): Promise<NoticeRow[]> => {
  const { rows } = await sql<NoticeRow>`
    select client_id as "clientId", app_id as "appId", uid, reason, state, attempts, due_at as "dueAt",
           last_error as "lastError", created_at as "createdAt", settled_at as "settledAt"
    from sign_out_notice where staff_id = ${staffId} order by id desc limit ${limit}`.execute(db);
  return rows;
};
