import { type RawBuilder, sql } from 'kysely';
import { type Database, often, type Tx } from '#hub/platform/database.ts';
import { firstEvent } from '#hub/platform/event-log.ts';
import { eventType, type NewEvent } from '#schemas/event.ts';
import type { Zone } from '#schemas/sign-on.ts';
import type { OpenedApp, SessionRow } from '#sso/sessions/session.ts';

/** A session at its start. */
export interface NewSession {
  uid: string;
  staffId: string;
  zone: Zone;
  address: string;
  agent: string;
  amr: string[];
  /** When a second factor was proven, seconds since 1970. */
  factorAt?: number | undefined;
  units: string[];
}

/**
 * Writes a session, the app that it opens and the fact that it started, in one statement, which is one transaction. False:
 * the session is there already, and nothing is written.
 */
export const insertSession = async (
  db: Database,
  session: NewSession,
  app: OpenedApp | undefined,
  fact: NewEvent & { subjectVersion: 1 },
): Promise<boolean> => {
  const { uid, staffId, zone, address, agent, amr, factorAt, units } = session;
  const { rows } = await sql<{ started: boolean }>`${often}
    with started as (
      insert into sign_in_session (uid, staff_id, zone, address, agent, amr, factor_at, units)
      values (${uid}, ${staffId}, ${zone}, ${address}, ${agent}, ${amr}::text[],
        to_timestamp(${factorAt ?? null}::float8), ${units}::text[])
      on conflict (uid) do nothing returning uid),
    opened as (
      insert into session_app (uid, client_id, app_id, sid, detail)
      select uid, ${app?.clientId ?? null}::text, ${app?.appId ?? null}::text, ${app?.sid ?? ''}::text,
        ${detailOf(app)}::jsonb
      from started where ${app !== undefined}::boolean),
    fact as (${firstEvent(fact, sql`exists (select from started)`)})
    select exists (select from started) as started`.execute(db);
  return rows[0]!.started;
};

const detailOf = (app: OpenedApp | undefined): string =>
  app?.detail === undefined ? '[]' : JSON.stringify([app.detail]);

/** Which half of which day in Vietnam: `2018-08-03/AM`. */
const halfDay = (at: RawBuilder<unknown>) =>
  sql`to_char(${at} at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD/AM')`;

/**
 * Notes in one statement that a session was seen (how sure it is now, when a second factor was proven), and the app that it opened; the first time in
 * half a day is a fact of the log. Whoever ends the
 * session at that moment waits for it, or is waited for.
 */
export const touchSession = async (
  db: Database | Tx,
  {
    uid,
    amr,
    factorAt,
    app,
  }: {
    uid: string;
    amr?: string[] | undefined;
    factorAt?: number | undefined;
    app?: OpenedApp | undefined;
  },
): Promise<'open' | 'ended' | 'unknown'> => {
  const { rows } = await sql<{ open: boolean; known: boolean }>`${often}
    with before as (
      select uid, staff_id, zone, units, seen_at from sign_in_session where uid = ${uid} and ended_at is null for update),
    seen as (
      update sign_in_session s set seen_at = clock_timestamp(), amr = coalesce(${amr ?? null}::text[], amr),
        factor_at = greatest(factor_at, to_timestamp(${factorAt ?? null}::float8))
      from before b where s.uid = b.uid returning s.uid),
    resumed as (
      insert into event (type, subject, subject_version, source, actor, data)
      select ${eventType('session.resumed')}, 'session/' || uid || '/' || ${halfDay(sql`clock_timestamp()`)}, 1, 'sso',
        'staff/' || staff_id, jsonb_strip_nulls(jsonb_build_object('staffId', staff_id, 'sessionId', uid,
          'zone', zone, 'app', ${app?.appId ?? null}::text, 'units', to_jsonb(units)))
      from before where ${halfDay(sql`seen_at`)} <> ${halfDay(sql`clock_timestamp()`)}),
    opened as (
      insert into session_app as a (uid, client_id, app_id, sid, detail)
      select uid, ${app?.clientId ?? null}::text, ${app?.appId ?? null}::text, ${app?.sid ?? ''}::text,
        ${detailOf(app)}::jsonb
      from seen where ${app !== undefined}::boolean
      on conflict (uid, client_id) do update set told_at = null, detail = a.detail || excluded.detail,
        sid = case excluded.sid when '' then a.sid else excluded.sid end)
    select exists (select from seen) as open, exists (select from sign_in_session where uid = ${uid}) as known
  `.execute(db);
  const { open, known } = rows[0]!;
  return open ? 'open' : known ? 'ended' : 'unknown';
};

/** When a second factor was last proven in a session that goes on. */
export const readFactorAt = async (db: Database, uid: string): Promise<Date | undefined> => {
  const { rows } = await sql<{ factorAt: Date | null }>`
    select factor_at as "factorAt" from sign_in_session where uid = ${uid} and ended_at is null`.execute(db);
  return rows[0]?.factorAt ?? undefined;
};

/** The person's sessions that have not ended. */
export const readOpenUids = async (db: Database | Tx, staffId: string): Promise<string[]> => {
  const { rows } = await sql<{ uid: string }>`
    select uid from sign_in_session where staff_id = ${staffId} and ended_at is null`.execute(db);
  return rows.map(({ uid }) => uid);
};

/** The person's sessions with their apps: those that go on first, then the latest. */
export const readSessions = async (
  db: Database,
  staffId: string,
  { openOnly, limit }: { openOnly: boolean; limit: number },
): Promise<SessionRow[]> => {
  const { rows } = await sql<SessionRow>`
    select uid, staff_id as "staffId", started_at as "startedAt", seen_at as "seenAt", zone, address, agent, amr,
           ended_at as "endedAt", end_reason as "endReason",
           coalesce((select json_agg(json_build_object('clientId', client_id, 'appId', app_id, 'openedAt', opened_at)
                                     order by opened_at) from session_app a where a.uid = s.uid), '[]') as apps
    from sign_in_session s
    where staff_id = ${staffId} and (ended_at is null or ${!openOnly}::boolean)
    order by ended_at is null desc, started_at desc
    limit ${limit}`.execute(db);
  return rows;
};

/** Sessions that the provider keeps no longer: unused for too long, or too old. */
export const readExpiredUids = async (
  db: Database,
  { idleMinutes, hours, limit }: { idleMinutes: number; hours: number; limit: number },
): Promise<string[]> => {
  const { rows } = await sql<{ uid: string }>`
    select uid from sign_in_session s
    where ended_at is null
      and (seen_at < now() - ${idleMinutes} * interval '1 minute' or started_at < now() - ${hours} * interval '1 hour')
      and not exists (
        select from oidc_record r where r.model = 'Session' and r.uid = s.uid and r.expires_at > now())
    order by seen_at limit ${limit}`.execute(db);
  return rows.map(({ uid }) => uid);
};

/**
 * Forgets sessions, and notices of their ends, that are over for so long: at most so many of each. Answers how many, of
 * whichever there were more.
 */
export const removeOldSessions = async (db: Database, days: number, most: number): Promise<number> => {
  const sessions = await sql`
    delete from sign_in_session where uid in (
      select uid from sign_in_session where ended_at < now() - ${days} * interval '1 day'
      order by ended_at limit ${most} for update skip locked)
    returning 1`.execute(db);
  const notices = await sql`
    delete from sign_out_notice where id in (
      select id from sign_out_notice where settled_at < now() - ${days} * interval '1 day'
      order by settled_at limit ${most} for update skip locked)
    returning 1`.execute(db);
  return Math.max(sessions.rows.length, notices.rows.length);
};
