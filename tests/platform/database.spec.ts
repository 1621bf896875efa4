import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Database, inTransaction, mayBeLost, often, openDatabase } from '#hub/platform/database.ts';
import { createMigratedDatabase } from '#tests/support/test-hub.ts';

describe('The database', () => {
  let database: { url: string; drop(): Promise<void> };
  let db: Database;
  beforeEach(async () => {
    database = await createMigratedDatabase();
    // One connection: what is asked of it is asked of the same.
    db = openDatabase(database.url, 1);
  });
  afterEach(async () => {
    await db.destroy();
    await database.drop();
  });

  const one = async <T>(statement: ReturnType<typeof sql<T>>): Promise<T> =>
    (await statement.execute(db)).rows[0]!;

  it('keeps the plan of a statement that is asked often, and of no other', async () => {
    const double = (n: number) => sql<{ n: number }>`${often} select ${n}::int * 2 as n`;
    assert.equal((await one(double(2))).n, 4);
    assert.equal((await one(double(3))).n, 6);
    await one(sql`select ${1}::int as n`);
    const kept = sql<{ statement: string }>`select statement from pg_prepared_statements`;
    assert.deepEqual(
      (await kept.execute(db)).rows.map(({ statement }) => statement.includes('* 2')),
      [true],
    );
  });

  it('waits for the disk at every commit but those of what may be lost', async () => {
    const setting = () => sql<{ is: string }>`select current_setting('synchronous_commit') as is`;
    await inTransaction(db, async tx => {
      await sql`delete from event_reader where ${mayBeLost}`.execute(tx);
      await sql`insert into event_reader (name, xid, position) select 'x', '0', 0 where ${mayBeLost}`.execute(
        tx,
      );
      assert.equal((await setting().execute(tx)).rows[0]!.is, 'off');
    });
    assert.equal((await one(setting())).is, 'on');
  });
});
