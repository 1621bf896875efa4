import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import { isoTime } from '#hub/platform/iso-time-store.ts';
import type { Scope } from '#schemas/app.ts';
import type { ClientSignOn, SignOnClient } from '#schemas/sign-on.ts';

/** A client without its secrets. */
export interface Client {
  clientId: string;
  appId: string | null;
  scopes: Scope[];
  signOn: ClientSignOn | null;
  createdAt: Date;
  disabledAt: Date | null;
  /** When the valid secrets were made, newest first; the older one lasts until `expiresAt`. */
  secrets: { createdAt: string; expiresAt: string | null }[];
}

/** False when the id is taken already, by a disabled client too. */
export const insertClient = async (
  tx: Tx,
  client: { clientId: string; appId: string | undefined; scopes: string[]; signOn: ClientSignOn | undefined },
): Promise<boolean> => {
  const { rows } = await sql`
    insert into client (client_id, app_id, scopes, sign_on)
    values (${client.clientId}, ${client.appId ?? null}, ${client.scopes}::text[],
            ${client.signOn === undefined ? null : JSON.stringify(client.signOn)}::jsonb)
    on conflict do nothing returning 1`.execute(tx);
  return rows.length > 0;
};

export const insertSecret = async (tx: Tx, clientId: string, hash: Buffer): Promise<void> => {
  await sql`insert into client_secret (client_id, hash) values (${clientId}, ${hash})`.execute(tx);
};

/**
 * Makes room for a new secret: the newest one lasts another `overlapHours`, older ones end now. Ended ones
 * are removed.
 */
export const retireSecrets = async (tx: Tx, clientId: string, overlapHours: number): Promise<void> => {
  await sql`
    delete from client_secret s where s.client_id = ${clientId} and (s.expires_at <= now() or s.hash not in (
      select hash from client_secret where client_id = ${clientId} order by created_at desc limit 1))
  `.execute(tx);
  await sql`
    update client_secret set expires_at =
      least(coalesce(expires_at, 'infinity'), now() + ${overlapHours} * interval '1 hour')
    where client_id = ${clientId}
  `.execute(tx);
};

export const readClients = async (
  db: Database | Tx,
  where: { appId: string; clientId?: string },
): Promise<Client[]> => {
  const one = where.clientId === undefined ? sql`` : sql`and c.client_id = ${where.clientId}`;
  const { rows } = await sql<Client>`
    select c.client_id as "clientId", c.app_id as "appId", c.scopes, c.sign_on as "signOn", c.created_at as "createdAt",
           c.disabled_at as "disabledAt",
           coalesce((select jsonb_agg(jsonb_build_object(
                                        'createdAt', ${isoTime('s.created_at')}, 'expiresAt', ${isoTime('s.expires_at')})
                                      order by s.created_at desc)
                     from client_secret s
                     where s.client_id = c.client_id and (s.expires_at is null or s.expires_at > now())),
                    '[]') as secrets
    from client c where c.app_id = ${where.appId} ${one}
    order by c.client_id
  `.execute(db);
  return rows;
};

/** Locks a client of an app for a change; undefined when there is none, or it is disabled. */
export const lockClient = async (tx: Tx, appId: string, clientId: string): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from client where client_id = ${clientId} and app_id = ${appId} and disabled_at is null
    for update`.execute(tx);
  return rows.length > 0;
};

export const disableClientRow = async (tx: Tx, clientId: string): Promise<void> => {
  await sql`update client set disabled_at = now() where client_id = ${clientId}`.execute(tx);
  await sql`delete from client_secret where client_id = ${clientId}`.execute(tx);
};

/** A client with its app, as the sign-on asks for it: one statement. Disabled ones are not there. */
export const readSignOnClient = async (db: Database, clientId: string): Promise<SignOnClient | undefined> => {
  const { rows } = await sql<SignOnClient>`
    select c.client_id as "clientId", c.scopes, c.sign_on as "signOn", array(
        select encode(s.hash, 'hex') from client_secret s
        where s.client_id = c.client_id and (s.expires_at is null or s.expires_at > now())
        order by s.created_at desc limit 2) as "secretHashes",
      case when a.id is null then null else jsonb_build_object('id', a.id, 'name', a.name, 'enabled', a.enabled,
        'attributes', a.entitlement->'attributes', 'signOn', a.sign_on) end as app
    from client c left join app a on a.id = c.app_id
    where c.client_id = ${clientId} and c.disabled_at is null
  `.execute(db);
  return rows[0];
};

/** Changes what an app's client says of the sign-on; undefined ends its being one. */
export const writeSignOn = async (tx: Tx, clientId: string, signOn: ClientSignOn | null): Promise<void> => {
  await sql`
    update client set sign_on = ${signOn === null ? null : JSON.stringify(signOn)}::jsonb
    where client_id = ${clientId}`.execute(tx);
};
