import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/** A transaction that has an id and is not finished: what was written after it began waits for it. */
export interface Holder {
  /** The server's process; null for a prepared transaction. */
  pid: number | null;
  /** Who is connected, by application name, or the prepared transaction's name. Never what was asked. */
  program: string;
  state: string;
  seconds: number;
}

/**
 * The oldest transaction that holds the log back; undefined without one. Of any database of the server, because
 * `pg_snapshot_xmin` counts them all. A transaction that only reads has no id and holds nothing back, however old its
 * snapshot (`backend_xmin`) is.
 *
 * A session of another role tells its times only to members of `pg_read_all_stats`; others do not see it here.
 */
export const findHolder = async (db: Database): Promise<Holder | undefined> => {
  const { rows } = await sql<Holder>`
    select pid, program, state, extract(epoch from clock_timestamp() - since)::float8 as seconds
    from (
      select pid, coalesce(nullif(application_name, ''), usename, '') as program, coalesce(state, '') as state,
             xact_start as since
      from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
      union all
      select null, gid, 'prepared', prepared from pg_prepared_xacts
    ) held
    where since is not null order by since limit 1`.execute(db);
  return rows[0];
};
