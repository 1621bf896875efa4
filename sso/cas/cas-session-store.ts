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

/** Notes that a sign-in has opened an app, once for each app, however many tickets it takes. */
export const noteSessionApp = async (
  db: Database,
  { uid, clientId, appId }: { uid: string; clientId: string; appId: string },
): Promise<void> => {
  await sql`
    insert into session_app (uid, client_id, app_id, sid)
    select uid, ${clientId}, ${appId}, '' from sign_in_session where uid = ${uid}
    on conflict (uid, client_id) do nothing`.execute(db);
};

/** The apps in which a sign-in has sessions. */
export const casAppsOf = async (db: Database, uid: string): Promise<string[]> => {
  const { rows } = await sql<{ appId: string }>`
    select distinct app_id as "appId" from cas_session where uid = ${uid}`.execute(db);
  return rows.map(({ appId }) => appId);
};

/** The newest sessions of a sign-in in one app, `limit` at most: an app that signs in at every page is not told for hours. */
export const casSessionsOf = async (
  db: Database,
  uid: string,
  appId: string,
  limit: number,
): Promise<CasSession[]> => {
  const { rows } = await sql<CasSession>`
    select ticket_hash as "ticketHash", service, sealed_ticket as "sealedTicket" from cas_session
    where uid = ${uid} and app_id = ${appId} order by opened_at desc limit ${limit}`.execute(db);
  return rows;
};

export const removeCasSession = async (db: Database, ticketHash: Buffer): Promise<void> => {
  await sql`delete from cas_session where ticket_hash = ${ticketHash}`.execute(db);
};
