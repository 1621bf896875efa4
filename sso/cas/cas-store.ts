import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import type { Zone } from '#schemas/sign-on.ts';

/** A ticket as kept, without its id. */
export interface CasTicket {
  kind: 'ST' | 'PT' | 'PGT';
  appId: string;
  service: string;
  uid: string;
  staffId: string;
  amr: string[];
  zone: Zone;
  authTime: Date;
  fresh: boolean;
  proxies: string[];
}

const columns = sql`kind, app_id as "appId", service, uid, staff_id as "staffId", amr, zone,
  auth_time as "authTime", fresh, proxies`;

export const putTicket = async (
  db: Database,
  idHash: Buffer,
  ticket: CasTicket,
  seconds: number,
): Promise<void> => {
  await sql`
    insert into cas_ticket (id_hash, kind, app_id, service, uid, staff_id, amr, zone, auth_time, fresh, proxies, expires_at)
    values (${idHash}, ${ticket.kind}, ${ticket.appId}, ${ticket.service}, ${ticket.uid}, ${ticket.staffId},
            ${ticket.amr}::text[], ${ticket.zone}, ${ticket.authTime}, ${ticket.fresh}, ${ticket.proxies}::text[],
            now() + ${seconds} * interval '1 second')`.execute(db);
};

/** Uses a ticket up: of many who present one at the same moment one gets it. Undefined: unknown, used or expired. */
export const takeTicket = async (db: Database, idHash: Buffer): Promise<CasTicket | undefined> => {
  const { rows } = await sql<CasTicket & { alive: boolean }>`
    delete from cas_ticket where id_hash = ${idHash} and kind <> 'PGT'
    returning ${columns}, expires_at > now() as alive`.execute(db);
  const [row] = rows;
  if (!row?.alive) return undefined;
  const { alive: _alive, ...ticket } = row;
  return ticket;
};

export const findGrantingTicket = async (db: Database, idHash: Buffer): Promise<CasTicket | undefined> => {
  const { rows } = await sql<CasTicket>`
    select ${columns} from cas_ticket
    where id_hash = ${idHash} and kind = 'PGT' and expires_at > now()`.execute(db);
  return rows[0];
};

export const removeTicket = async (db: Database, idHash: Buffer): Promise<void> => {
  await sql`delete from cas_ticket where id_hash = ${idHash}`.execute(db);
};

/** Removes at most `limit` expired rows of each kind; locked ones are left for the next time. */
export const removeExpiredTickets = async (db: Database, limit: number): Promise<number> => {
  const tickets = await sql`
    delete from cas_ticket where id_hash in (
      select id_hash from cas_ticket where expires_at < now() limit ${limit} for update skip locked)
    returning 1`.execute(db);
  const sessions = await sql`
    delete from cas_session where ticket_hash in (
      select ticket_hash from cas_session where expires_at < now() limit ${limit} for update skip locked)
    returning 1`.execute(db);
  return Math.max(tickets.rows.length, sessions.rows.length);
};
