import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** A session at an app, as single logout needs it. */
export interface CasSession {
  ticketHash: Buffer;
  service: string;
  sealedTicket: Buffer;
}

/** Notes that an app has opened a session with a ticket. */
export const noteCasSession = async (
  db: Database,
  opened: CasSession & { uid: string; appId: string; seconds: number },
): Promise<void> => {
  await sql`
    insert into cas_session (ticket_hash, uid, app_id, service, sealed_ticket, expires_at)
    values (${opened.ticketHash}, ${opened.uid}, ${opened.appId}, ${opened.service}, ${opened.sealedTicket},
            now() + ${opened.seconds} * interval '1 second')`.execute(db);
};

export const hasCasSession = async (db: Database, uid: string, appId: string): Promise<boolean> => {
  const { rows } = await sql`
    select from cas_session where uid = ${uid} and app_id = ${appId} limit 1`.execute(db);
  return rows.length > 0;
};

/** Sessions of sign-ins in one app that the app has not been told of, `limit` at most. */
export const casSessionsOf = async (
  db: Database,
  { uids, appId, limit }: { uids: string[]; appId: string; limit: number },
): Promise<CasSession[]> => {
  const { rows } = await sql<CasSession>`
    select ticket_hash as "ticketHash", service, sealed_ticket as "sealedTicket" from cas_session
    where uid = any(${uids}::text[]) and app_id = ${appId} order by opened_at desc limit ${limit}`.execute(
    db,
  );
  return rows;
};

export const removeCasSession = async (db: Database, ticketHash: Buffer): Promise<void> => {
  await sql`delete from cas_session where ticket_hash = ${ticketHash}`.execute(db);
};
