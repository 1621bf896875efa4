import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { UpstreamKey } from '#schemas/upstream.ts';

/** A source as stored: settings sealed. */
export interface SourceRow {
  id: string;
  kind: 'openid' | 'ldap';
  name: string;
  settings: Buffer;
  enabled: boolean;
  key: UpstreamKey;
  migratePasswords: boolean;
}

const columns = sql`id, kind, name, settings, enabled, key, migrate_passwords as "migratePasswords"`;

export const readSources = async (db: Database): Promise<SourceRow[]> => {
  const { rows } = await sql<SourceRow>`select ${columns} from upstream_source order by id`.execute(db);
  return rows;
};

export const readSource = async (db: Database | Tx, id: string): Promise<SourceRow | undefined> => {
  const { rows } = await sql<SourceRow>`select ${columns} from upstream_source where id = ${id}`.execute(db);
  return rows[0];
};

/** Lets one change of a source run at a time, the first of a new one included. */
export const lockSource = async (tx: Tx, id: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext('lienthong.upstream'), hashtext(${id}))`.execute(tx);
};

export const writeSource = async (tx: Tx, source: SourceRow): Promise<void> => {
  await sql`
    insert into upstream_source (id, kind, name, settings, enabled, key, migrate_passwords)
    values (${source.id}, ${source.kind}, ${source.name}, ${source.settings}, ${source.enabled}, ${source.key},
            ${source.migratePasswords})
    on conflict (id) do update set name = excluded.name, settings = excluded.settings,
      enabled = excluded.enabled, key = excluded.key, migrate_passwords = excluded.migrate_passwords,
      updated_at = clock_timestamp()`.execute(tx);
};

/** How many people a source is linked with, and how many of them can do without it. */
export const countPeople = async (
  db: Database | Tx,
  sourceId: string,
): Promise<{ linked: number; withPassword: number }> => {
  const { rows } = await sql<{ linked: number; withPassword: number }>`
    select count(*)::int as linked, count(p.staff_id)::int as "withPassword"
    from upstream_link l left join password p on p.staff_id = l.staff_id
    where l.source_id = ${sourceId}`.execute(db);
  return rows[0]!;
};
