import { type RawBuilder, sql } from 'kysely';
import { type Database, mayBeLost, often } from '#hub/platform/database.ts';

/** What a count is of. `known` counts nothing: it remembers where an account has signed in from. */
export type Bound = 'pair' | 'account' | 'network' | 'known';

export interface CountKey {
  hash: Buffer;
  bound: Bound;
  account: Buffer | null;
}

interface Limit {
  most: number;
  windowMs: number;
  lockMs: number;
}
interface Counted {
  count: number;
  /** Until it counts from zero again. */
  seconds: number;
}

const oneMore = (
  { hash, bound, account }: CountKey,
  { most, windowMs, lockMs }: Limit,
  when: RawBuilder<unknown>,
) => {
  const after = (ms: number) => sql`clock_timestamp() + ${ms} * interval '1 ms'`;
  return sql`
    insert into failure_count as f (key_hash, bound, account_hash, count, until)
    select ${hash}::bytea, ${bound}, ${account}::bytea, 1, ${after(windowMs)} where ${mayBeLost} and ${when}
    on conflict (key_hash) do update set
      count = case when f.until <= clock_timestamp() then 1 else f.count + 1 end,
      locked = f.locked and f.until > clock_timestamp(),
      until = case when f.until <= clock_timestamp() then ${after(windowMs)}
                   when f.count + 1 = ${most} then ${after(lockMs)}
                   else f.until end
    returning count, ceil(extract(epoch from until - clock_timestamp()))::int as seconds`;
};

/**
 * Takes one more of a count, in one statement: however many ask at once, each gets a number of its own. The window
 * begins with the first; with the `most`th it is made `lockMs` long. `now` is PostgreSQL's, the same for all nodes. A power cut
 * may take one back, but none that was told to be wrong: the line in the trail waits for the disk, and so for this.
 */
export const countOne = async (db: Database, key: CountKey, limit: Limit): Promise<Counted> => {
  const { rows } = await sql<Counted>`${often} ${oneMore(key, limit, sql`true`)}`.execute(db);
  return rows[0]!;
};

/**
 * As `countOne` of a pair, when the account is known to come from there or the pair is full already; undefined: neither, and
 * nothing was counted.
 */
export const countKnownPair = async (
  db: Database,
  known: CountKey,
  pair: CountKey,
  limit: Limit,
): Promise<Counted | undefined> => {
  const { rows } = await sql<Counted>`${often} ${oneMore(
    pair,
    limit,
    sql`exists (select from failure_count where until > clock_timestamp()
      and (key_hash = ${known.hash} or (key_hash = ${pair.hash} and count >= ${limit.most})))`,
  )}`.execute(db);
  return rows[0];
};

/** Whether the account is known to come from there, and how often it has been guessed from there. */
export const readPair = async (
  db: Database,
  known: CountKey,
  pair: CountKey,
): Promise<{ known: boolean; count: number }> => {
  const { rows } = await sql<{ bound: Bound; count: number }>`${often}
    select bound, count from failure_count
    where key_hash in (${known.hash}, ${pair.hash}) and until > clock_timestamp()`.execute(db);
  return {
    known: rows.some(row => row.bound === 'known'),
    count: rows.find(row => row.bound === 'pair')?.count ?? 0,
  };
};

/** Marks a full count as a lock; answers whether it was not one before. */
export const markLocked = async (db: Database, { hash }: CountKey, most: number): Promise<boolean> => {
  const { rows } = await sql`
    update failure_count set locked = true
    where key_hash = ${hash} and count >= ${most} and not locked and until > clock_timestamp()
    returning 1`.execute(db);
  return rows.length > 0;
};

export const giveBack = async (db: Database, { hash }: CountKey): Promise<void> => {
  await sql`update failure_count set count = greatest(count - 1, 0) where key_hash = ${hash}`.execute(db);
};

/**
 * Forgets the guesses of a pair, and remembers for `days` that the account comes from there; written anew only when half of
 * that is over. True: it was not known before.
 */
export const remember = async (
  db: Database,
  { pair, known: { hash, bound, account } }: { pair: CountKey; known: CountKey },
  days: number,
): Promise<boolean> => {
  const until = sql`clock_timestamp() + ${days} * interval '1 day'`;
  const { rows } = await sql<{ isNew: boolean }>`${often}
    with forgotten as (delete from failure_count where key_hash = ${pair.hash})
    insert into failure_count as f (key_hash, bound, account_hash, until)
    select ${hash}::bytea, ${bound}, ${account}::bytea, ${until} where ${mayBeLost}
    on conflict (key_hash) do update set until = excluded.until
      where f.until < clock_timestamp() + ${days / 2} * interval '1 day'
    returning xmax = 0 as "isNew"`.execute(db);
  return rows[0]?.isNew === true;
};

/** Forgets all guesses at an account; answers how many networks were locked. */
export const forgetAccount = async (db: Database, account: Buffer): Promise<number> => {
  const { rows } = await sql<{ locked: boolean }>`
    delete from failure_count where account_hash = ${account} and bound <> 'known'
    returning locked and until > clock_timestamp() as locked`.execute(db);
  return rows.filter(row => row.locked).length;
};

export const readLocked = async (db: Database, accounts: Buffer[]): Promise<Buffer[]> => {
  const { rows } = await sql<{ account: Buffer }>`
    select distinct account_hash as account from failure_count
    where account_hash = any(${accounts}::bytea[]) and locked and until > clock_timestamp()`.execute(db);
  return rows.map(row => row.account);
};

/** Removes what counts no more, at most so many. */
export const removeSettled = async (db: Database, most: number): Promise<number> => {
  const { numAffectedRows } = await sql`
    delete from failure_count where key_hash in (
      select key_hash from failure_count where until <= clock_timestamp() limit ${most} for update skip locked)`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0);
};
