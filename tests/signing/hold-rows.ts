import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';

/** Rows that others may not change for a while. */
export interface HeldRows {
  release(): Promise<void>;
}

/** Holds all rows of a table: whoever writes to them waits. */
export const holdRows = async (db: Database, table: string): Promise<HeldRows> => {
  const holding = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const done = db.transaction().execute(async tx => {
    await sql`select 1 from ${sql.table(table)} for update`.execute(tx);
    holding.resolve();
    await over.promise;
  });
  await holding.promise;
  return {
    async release() {
      over.resolve();
      await done;
    },
  };
};

/** Waits until so many connections stand at such a statement; what a hub had asked when it was killed stands there too. */
export const waitForHeld = (db: Database, statement: string, times = 1): Promise<unknown> =>
  waitUntil(
    `${statement} to be held`,
    async () => {
      const { rows } = await sql<{ query: string }>`
        select query from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
      return rows.filter(({ query }) => query.includes(statement)).length >= times;
    },
    { withinMs: 60_000 },
  );
