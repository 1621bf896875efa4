import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Database, inTransaction, openDatabase } from '#hub/platform/database.ts';
import { appendEvents, beginning, headOfLog, lockSubjects, readEvents } from '#hub/platform/event-log.ts';
import { passTransactionIds } from '#hub/platform/pass-transaction-ids-store.ts';
import { createMigratedDatabase } from '#tests/support/test-hub.ts';

describe('A log that was restored from a dump into a new cluster', () => {
  let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
  let db: Database;
  before(async () => {
    database = await createMigratedDatabase();
    db = openDatabase(database.url, 4);
  });
  after(async () => {
    await db.destroy();
    await database.drop();
  });

  const write = (subjectVersion: number): Promise<void> =>
    inTransaction(db, async tx => {
      await lockSubjects(tx, ['staff/x']);
      const type = 'vn.lienthong.staff.updated.v1';
      await appendEvents(tx, [
        { type, subject: 'staff/x', subjectVersion, source: 'test', actor: 'test', data: {} },
      ]);
    });
  const versions = async (after = beginning): Promise<number[]> =>
    (await readEvents(db, { after, limit: 10 })).events.map(event => event.subjectVersion);

  it('is read whole, and what comes next comes after it, once the hub has started', async () => {
    await write(1);
    await write(2);
    // What the restore brings: ids that are yet to come here.
    await sql`update event set xid = (xid::text::bigint + 20000)::text::xid8`.execute(db);
    assert.deepEqual(await versions(), []);
    assert.ok((await passTransactionIds(db)) > 19_000);
    assert.deepEqual(await versions(), [1, 2]);
    const { cursor } = await readEvents(db, { after: beginning, limit: 10 });
    await write(3);
    assert.deepEqual(await versions(cursor), [3]);
  });

  it('also waits for the places that readers keep, which may lie beyond the last event', async () => {
    const { xid } = await headOfLog(db);
    await sql`insert into event_reader (name, xid, position)
      values ('far', ${`${Number(xid) + 500}`}::xid8, 0)`.execute(db);
    assert.ok((await passTransactionIds(db)) > 400);
    assert.ok(Number((await headOfLog(db)).xid) >= Number(xid) + 500);
  });

  it('costs nothing when there is nothing to pass', async () => {
    assert.equal(await passTransactionIds(db), 0);
  });
});
