import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { asBytes, type Database, inTransaction, openDatabase } from '#hub/platform/database.ts';
import { createTestDatabase } from '#tests/support/database.ts';

describe('Bytes that are copied out of the database', () => {
  let db: Database;
  let drop: () => Promise<void>;
  before(async () => {
    const made = await createTestDatabase();
    // One connection: what an earlier statement left behind would be seen.
    db = openDatabase(made.url, 1);
    drop = made.drop;
  });
  after(async () => {
    await db?.destroy();
    await drop?.();
  });
  const copy = async (select: string): Promise<string[]> => {
    const { rows } = await sql<{
      bytes: Buffer;
    }>`${asBytes} copy (${sql.raw(select)}) to stdout (format binary)`.execute(db);
    return rows.map(({ bytes }) => bytes.toString('latin1'));
  };
  const still = async (): Promise<unknown> => (await sql`select 1 as one`.execute(db)).rows[0];

  it('come row by row, whatever is in them and however long they are', async () => {
    assert.deepEqual(await copy(`select ''::bytea where false`), []);
    assert.deepEqual(await copy(`select ''::bytea union all select '\\xff00ffff'::bytea`), ['', 'ÿ\0ÿÿ']);
    const [long] = await copy(`select convert_to(repeat('0123456789', 300000), 'latin1')`);
    assert.equal(long, '0123456789'.repeat(300_000));
  });

  it('are within the transaction that asks for them', async () => {
    await sql`create table part (bytes bytea)`.execute(db);
    const { rows } = await inTransaction(db, async tx => {
      await sql`insert into part values ('\\x41')`.execute(tx);
      return sql<{
        bytes: Buffer;
      }>`${asBytes} copy (select bytes from part) to stdout (format binary)`.execute(tx);
    });
    assert.equal(rows[0]!.bytes.toString(), 'A');
  });

  it('fail in the middle without a trace on the connection, and are never cut short by a null', async () => {
    const broken = `select convert_to((1 / (2000 - n))::text || repeat('x', 1000), 'utf8') from generate_series(1, 3000) n`;
    await assert.rejects(copy(broken), { code: '22012' });
    assert.deepEqual(await still(), { one: 1 });
    await assert.rejects(copy(`select null::bytea union all select 'a'::bytea`), TypeError);
    assert.deepEqual(await still(), { one: 1 });
  });
});
