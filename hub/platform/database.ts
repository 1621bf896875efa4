import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
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
  // The same for one that breaks between two statements of a transaction: the next statement tells.
  pool.on('connect', client => void client.on('error', () => {}));
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
};

/**
 * Whether an error says that the database cannot be reached now or has ended the connection: what was asked was
 * not done, or not all of it, and may be asked again soon.
 */
export const isDatabaseAway = (error: unknown): boolean => {
  const { code = '', syscall, message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  // Connection exceptions, too many connections, shutdown and start (PostgreSQL, appendix A); then the socket's.
  if (/^(08|53300|57P0[123])/.test(code)) return true;
  if (syscall === 'connect' || code === 'EPIPE' || code === 'ECONNRESET') return true;
  // pg gives these no code.
  return /^(Connection terminated|Client has encountered a connection error)/.test(message);
};

/** Whether the database answers, within two seconds. */
export const isDatabaseThere = async (db: Database): Promise<boolean> => {
  const over = new AbortController();
  const late = pause(2000, false, { signal: over.signal, ref: false });
  const answer = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
  late.catch(() => {});
  const there = await Promise.race([answer, late]);
  over.abort();
  return there;
};

/** Runs `work` in one transaction: all of it or nothing. */
export const inTransaction = <T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> =>
  db.transaction().execute(work);
