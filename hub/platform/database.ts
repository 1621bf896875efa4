import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { copyBytes } from '#hub/platform/copy-bytes-store.ts';

// bigint fits a double up to 2^53; days stay text (a Date would move them by the zone); xid8 stays text.
pg.types.setTypeParser(20, Number);
pg.types.setTypeParser(1082, text => text);

/** No table types: statements are written with kysely's `sql` tag and say their row type at the call. */
// biome-ignore lint/complexity/noBannedTypes: an empty schema is exactly what is meant
export type Database = Kysely<{}>;
// biome-ignore lint/complexity/noBannedTypes: as above
export type Tx = Transaction<{}>;

/**
 * Begins a statement that is asked for at every sign-in or by every reader: each connection has PostgreSQL parse and plan it
 * once and keeps that. For texts of a fixed number of forms only (lists as one array), whose best plan does not hang on the values.
 */
export const often = sql.raw('/* often */');
/**
 * A condition that always holds, for a statement whose effect a power cut may take back: its commit does not wait for the
 * disk (within 0.6 s it is there; a later commit that waits takes it along). All see it at once as ever.
 */
export const mayBeLost = sql`set_config('synchronous_commit', 'off', true) is not null`;
const oftenMark = '/* often */';
/**
 * Begins a `copy (select …) to stdout (format binary)` of one column of bytes, none of them null; its rows are `{ bytes }`. For files: any
 * other statement answers them as text. PostgreSQL takes no parameters in it: values stand in it by `sql.lit`.
 */
export const asBytes = sql.raw('/* as bytes */');
const bytesMark = '/* as bytes */';

/** Names the statements that begin with `often` (extended query protocol, prepared statements), and reads those that begin with `asBytes`. */
const heedMarks = (client: pg.ClientBase): void => {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const copy = async (text: string) => ({ command: 'COPY', rows: await copyBytes(client, text) });
  client.query = ((text: unknown, values: unknown, ...rest: unknown[]) => {
    if (typeof text !== 'string') return query(text, values, ...rest);
    if (text.startsWith(bytesMark)) return copy(text);
    return text.startsWith(oftenMark)
      ? query({ name: nameOf(text), text, values }, ...rest)
      : query(text, values, ...rest);
  }) as typeof client.query;
};
const names = new Map<string, string>();
const nameOf = (text: string): string => {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  names.set(text, name);
  return name;
};

/** Opens a pool (20 connections). `end` with `db.destroy()`. */
export const openDatabase = (url: string, max = 20): Database => {
  const pool = new pg.Pool({ connectionString: url, max, application_name: 'lienthong' });
  // A connection that breaks while idle is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => {});
  pool.on('connect', client => {
    // The same for one that breaks between two statements of a transaction: the next statement tells.
    client.on('error', () => {});
    heedMarks(client);
  });
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
