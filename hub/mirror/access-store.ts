import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/** A NATS user of an app. */
export interface NatsUser {
  app: string;
  slot: 1 | 2;
  hash: string;
  createdAt: Date;
  /** Null: until it is rotated. */
  expiresAt: Date | null;
}

/** The users that are valid now, of one app or of all. */
export const readUsers = async (db: Database | Tx, app?: string): Promise<NatsUser[]> => {
  const only = app === undefined ? sql`` : sql`and app = ${app}`;
  const { rows } = await sql<NatsUser>`
    select app, slot, hash, created_at as "createdAt", expires_at as "expiresAt" from nats_user
    where (expires_at is null or expires_at > now()) ${only} order by app, slot`.execute(db);
  return rows;
};

/** Lets one change of an app's users run at a time. */
export const lockUsers = async (tx: Tx, app: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext('lienthong.nats-user'), hashtext(${app}))`.execute(tx);
};

/** Lets the present user end after `hours`, and puts the new one where it does not stand. */
export const replaceUser = async (
  tx: Tx,
  { app, hash, hours }: { app: string; hash: string; hours: number },
): Promise<1 | 2> => {
  const { rows } = await sql<{ slot: 1 | 2 }>`
    update nats_user set expires_at = now() + make_interval(secs => ${hours * 3600})
    where app = ${app} and expires_at is null returning slot`.execute(tx);
  const slot = rows[0]?.slot === 1 ? 2 : 1;
  await sql`
    insert into nats_user (app, slot, hash) values (${app}, ${slot}, ${hash})
    on conflict (app, slot) do update
    set hash = excluded.hash, created_at = clock_timestamp(), expires_at = null`.execute(tx);
  return slot;
};

/** True when there were any. */
export const removeUsers = async (tx: Tx, app: string): Promise<boolean> => {
  const { numAffectedRows } = await sql`delete from nats_user where app = ${app}`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
};
