import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';

// bigint fits a double up to 2^53; days stay text (a Date would move them by the zone); xid8 stays text.
pg.types.setTypeParser(20, Number);
pg.types.setTypeParser(1082, text => text);

/** No table types: statements are written with kysely's `sql` tag and say their row type at the call. */
// biome-ignore lint/complexity/noBannedTypes: an empty schema is exactly what is meant
export type Database = Kysely<{}>;
// biome-ignore lint/complexity/noBannedTypes: as above
export type Tx = Transaction<{}>;

/** Opens a pool (20 connections). `end` with `db.destroy()`. */
export const openDatabase = (url: string, max = 20): Database => {
  const pool = new pg.Pool({ connectionString: url, max, application_name: 'lienthong' });
  // A connection that breaks while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => {});
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
};

/** Runs `work` in one transaction: all of it or nothing. */
export const inTransaction = <T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db.transaction().execute(work);
