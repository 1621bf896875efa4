import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { Zone } from '#schemas/sign-on.ts';
import type { EndReason } from '#sso/sessions/session.ts';

/** A session that ended just now. */
interface EndedSession {
  uid: string;
  staffId: string;
  zone: Zone;
  units: string[];
}

/** Ends those of the sessions that have not ended. */
export const markEnded = async (tx: Tx, uids: string[], reason: EndReason): Promise<EndedSession[]> => {
  const { rows } = await sql<EndedSession>`
    update sign_in_session set ended_at = clock_timestamp(), end_reason = ${reason}
    where uid = any(${uids}::text[]) and ended_at is null
    returning uid, staff_id as "staffId", zone, units`.execute(tx);
  return rows;
};

/** Removes what the provider keeps of sessions: they themselves, their grants, codes and tokens. */
export const removeOfSessions = async (tx: Tx, uids: string[]): Promise<void> => {
  await sql`
    with gone as (
      delete from oidc_record where model = 'Session' and uid = any(${uids}::text[]) returning payload),
    grants as (
      select array_agg(one.value ->> 'grantId') as ids
      from gone, jsonb_each(coalesce(payload -> 'authorizations', '{}')) one
      where one.value ->> 'grantId' is not null),
    tokens as (delete from oidc_record using grants where grant_id = any(ids))
    delete from oidc_record using grants
    where model = 'Grant' and id_hash in (select sha256(convert_to(id, 'UTF8')) from unnest(ids) id)`.execute(
    tx,
  );
};

/** Removes everything that the provider keeps of a person, sign-ins under way too. */
export const removeOfPerson = async (tx: Tx, staffId: string): Promise<void> => {
  await sql`delete from oidc_record where account_id = ${staffId}`.execute(tx);
};

/** Removes a person's sign-ins under way but the one with this `uid` (undefined: all). */
export const removeSignInsUnderWay = async (
  db: Database,
  staffId: string,
  keep: string | undefined,
): Promise<void> => {
  await sql`
    delete from oidc_record where account_id = ${staffId} and model = 'Interaction'
      and id_hash is distinct from sha256(convert_to(${keep ?? null}, 'UTF8'))`.execute(db);
};

/** Writes a notice for each app that these sessions have opened. */
export const noticeSessions = async (tx: Tx, uids: string[], reason: EndReason): Promise<void> => {
  await sql`
    with untold as (
      update session_app a set told_at = clock_timestamp()
      from sign_in_session s
      where s.uid = a.uid and a.uid = any(${uids}::text[]) and a.told_at is null
      returning s.staff_id, a.client_id, a.app_id, a.uid, a.sid, a.detail)
    insert into sign_out_notice (staff_id, client_id, app_id, uid, sid, detail, reason)
    select staff_id, client_id, app_id, uid, nullif(sid, ''), detail, ${reason} from untold`.execute(tx);
};

/**
 * Writes one notice of all sessions for each app that the person has opened, in whatever session: an app may go on
 * with its own after ours has expired.
 */
export const noticePerson = async (tx: Tx, staffId: string, reason: EndReason): Promise<void> => {
  await sql`
    with untold as (
      update session_app a set told_at = clock_timestamp()
      from sign_in_session s
      where s.uid = a.uid and s.staff_id = ${staffId} and a.told_at is null and s.ended_at is not null
      returning a.client_id, a.app_id, a.sid, a.detail)
    insert into sign_out_notice (staff_id, client_id, app_id, detail, sids, reason)
    select ${staffId}, client_id, max(app_id), coalesce(jsonb_agg(one) filter (where one is not null), '[]'),
      coalesce(array_agg(distinct sid) filter (where sid <> ''), '{}'), ${reason}
    from untold left join lateral jsonb_array_elements(detail) one on true
    group by client_id`.execute(tx);
};

/** Writes a notice for one app that a person leaves while the session goes on. */
export const noticeApp = async (tx: Tx, uid: string, clientId: string): Promise<void> => {
  await sql`
    with left_app as (
      delete from session_app a using sign_in_session s
      where s.uid = a.uid and a.uid = ${uid} and client_id = ${clientId}
      returning s.staff_id, a.client_id, a.app_id, a.uid, a.sid, a.detail)
    insert into sign_out_notice (staff_id, client_id, app_id, uid, sid, detail, reason)
    select staff_id, client_id, app_id, uid, nullif(sid, ''), detail, 'signed-out' from left_app`.execute(tx);
};
