import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { App } from '#schemas/app.ts';
import type { AppSignOn } from '#schemas/sign-on.ts';

/** An app as stored: settings sealed, and which of them are secret (null: their names decide). */
export type AppRow = Omit<App, 'settings' | 'connector' | 'signOn'> & {
  connector: string | null;
  signOn: AppSignOn | null;
  settings: Buffer;
  secretKeys: string[] | null;
};

const columns = sql`
  id, name, owner, connector, enabled, entitlement, mapping, guard, disable_guard as "disableGuard",
  settings, secret_keys as "secretKeys", sign_on as "signOn"`;

export const readApps = async (db: Database | Tx): Promise<AppRow[]> => {
  const { rows } = await sql<AppRow>`select ${columns} from app order by id`.execute(db);
  return rows;
};

export const readApp = async (db: Database | Tx, id: string): Promise<AppRow | undefined> => {
  const { rows } = await sql<AppRow>`select ${columns} from app where id = ${id}`.execute(db);
  return rows[0];
};

/** The app whose settings a connector runs with. */
export const readAppOfConnector = async (
  db: Database | Tx,
  connector: string,
): Promise<AppRow | undefined> => {
  const { rows } = await sql<AppRow>`
    select ${columns} from app where connector = ${connector} order by id limit 1`.execute(db);
  return rows[0];
};

/** Lets one change of an app run at a time, the first of a new one included. */
export const lockApp = async (tx: Tx, id: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext('lienthong.app'), hashtext(${id}))`.execute(tx);
};

export const writeApp = async (tx: Tx, app: AppRow): Promise<void> => {
  const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`;
  await sql`
    insert into app (id, name, owner, connector, enabled, entitlement, mapping, guard, disable_guard,
                     settings, secret_keys, sign_on)
    values (${app.id}, ${app.name}, ${app.owner}, ${app.connector}, ${app.enabled}, ${json(app.entitlement)},
            ${json(app.mapping)}, ${json(app.guard)}, ${json(app.disableGuard)},
            ${app.settings}, ${app.secretKeys}, ${app.signOn === null ? null : json(app.signOn)})
    on conflict (id) do update set
      name = excluded.name, owner = excluded.owner, connector = excluded.connector,
      enabled = excluded.enabled, entitlement = excluded.entitlement, mapping = excluded.mapping,
      guard = excluded.guard, disable_guard = excluded.disable_guard, settings = excluded.settings,
      secret_keys = excluded.secret_keys, sign_on = excluded.sign_on, updated_at = clock_timestamp()
  `.execute(tx);
};
