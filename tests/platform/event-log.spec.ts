import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { type Database, inTransaction, openDatabase, type Tx } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { appendEvents, beginning, headOfLog, lockSubjects, readEvents } from '#hub/platform/event-log.ts';
import { createMigratedDatabase } from '#tests/support/test-hub.ts';

const fact = (subject: string, subjectVersion: number) => ({
  type: 'vn.lienthong.staff.updated.v1',
  subject,
  subjectVersion,
  source: 'test',
  actor: 'test',
  data: {},
});

/** A transaction that stays open until told; `later` is what it does last. */
const openTransaction = async (
  db: Database,
  work: (tx: Tx) => Promise<void>,
  later: (tx: Tx) => Promise<void> = async () => {},
) => {
  let commit = (): void => {};
  const gate = new Promise<void>(resolve => {
    commit = resolve;
  });
  let began = (): void => {};
  const working = new Promise<void>(resolve => {
    began = resolve;
  });
  const done = inTransaction(db, async tx => {
    await work(tx);
    began();
    await gate;
    await later(tx);
  });
  await Promise.race([working, done]);
  return async (): Promise<void> => {
    commit();
    await done;
  };
};

describe('The event log', () => {
  let database: { url: string; drop(): Promise<void> };
  let db: Database;
  beforeEach(async () => {
    database = await createMigratedDatabase();
    db = openDatabase(database.url, 10);
  });
  afterEach(async () => {
    await db.destroy();
    await database.drop();
  });

  const all = async () => (await readEvents(db, { after: beginning, limit: 10_000 })).events;
  const write = (subject: string, version: number) =>
    inTransaction(db, async tx => {
      await lockSubjects(tx, [subject]);
      await appendEvents(tx, [fact(subject, version)]);
    });

  it('does not skip an event whose transaction began earlier and commits later', async () => {
    const commitLate = await openTransaction(db, async tx => {
      await lockSubjects(tx, ['staff/slow']);
      await appendEvents(tx, [fact('staff/slow', 1)]);
    });
    await write('staff/quick', 1);
    // The quick one waits: a cursor behind it would never come back for the slow one.
    const first = await readEvents(db, { after: beginning, limit: 10 });
    assert.deepEqual(first.events, []);
    await commitLate();
    const second = await readEvents(db, { after: first.cursor, limit: 10 });
    assert.deepEqual(
      second.events.map(event => event.subject),
      ['staff/slow', 'staff/quick'],
    );
  });

  it('never shows version 2 of a subject before version 1, though the writer of 2 began first', async () => {
    const commitFirst = await openTransaction(
      db,
      tx => lockSubjects(tx, ['staff/b']),
      tx => appendEvents(tx, [fact('staff/b', 1)]),
    );
    // Begins, takes a lock of its own, and waits for the other: without an id until it has both.
    const second = inTransaction(db, async tx => {
      await lockSubjects(tx, ['staff/a', 'staff/b']);
      await appendEvents(tx, [fact('staff/a', 1), fact('staff/b', 2)]);
    });
    await waitUntil(
      'the second writer to wait for the lock',
      async () => {
        const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted`.execute(
          db,
        );
        return rows.length > 0;
      },
      { withinMs: 10_000 },
    );
    // The first writes only now; its id is still the smaller one.
    await commitFirst();
    await second;
    await write('staff/b', 3);
    const versions = (await all())
      .filter(event => event.subject === 'staff/b')
      .map(event => event.subjectVersion);
    assert.deepEqual(versions, [1, 2, 3]);
  });

  it('takes the locks before the transaction has an id', async () => {
    await inTransaction(db, async tx => {
      await lockSubjects(tx, ['staff/a', 'staff/b']);
      const { rows } = await sql<{
        id: string | null;
      }>`select pg_current_xact_id_if_assigned()::text as id`.execute(tx);
      assert.equal(rows[0]!.id, null);
    });
  });

  it('locks a batch of any size within 1,024 locks', async () => {
    await inTransaction(db, async tx => {
      await lockSubjects(
        tx,
        Array.from({ length: 20_000 }, (_, nr) => `staff/${nr}`),
      );
      const { rows } = await sql<{ n: number }>`
        select count(*)::int n from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`.execute(
        tx,
      );
      assert.ok(rows[0]!.n <= 1024);
    });
  });

  it('lets many writers of the same subjects through without a deadlock, each version once', async () => {
    const subjects = ['staff/x', 'staff/y', 'staff/z'];
    await Promise.all(
      Array.from({ length: 30 }, (_, nr) =>
        inTransaction(db, async tx => {
          const own = nr % 2 === 0 ? subjects : subjects.toReversed();
          await lockSubjects(tx, own);
          const { rows } = await sql<{ subject: string; last: number }>`
            select s as subject, coalesce(max(subject_version), 0)::int as last
            from unnest(${own}::text[]) s left join event on subject = s group by s`.execute(tx);
          await appendEvents(
            tx,
            rows.map(row => fact(row.subject, row.last + 1)),
          );
        }),
      ),
    );
    const seen = new Map<string, number>();
    for (const event of await all()) {
      assert.equal(event.subjectVersion, (seen.get(event.subject) ?? 0) + 1);
      seen.set(event.subject, event.subjectVersion);
    }
    assert.deepEqual([...seen.values()], [30, 30, 30]);
  });

  it('goes on after a cursor without loss or repeat, whatever the page', async () => {
    for (let nr = 1; nr <= 7; nr++) await write('staff/p', nr);
    const versions: number[] = [];
    let after = beginning;
    for (;;) {
      const { events, cursor } = await readEvents(db, { after, limit: 2 });
      if (events.length === 0) break;
      versions.push(...events.map(event => event.subjectVersion));
      after = cursor;
    }
    assert.deepEqual(versions, [1, 2, 3, 4, 5, 6, 7]);
  });

  it('tells where it ends: a reader from there sees only what comes later', async () => {
    await write('staff/old', 1);
    const head = await headOfLog(db);
    await write('staff/new', 1);
    const { events } = await readEvents(db, { after: head, limit: 10 });
    assert.deepEqual(
      events.map(event => event.subject),
      ['staff/new'],
    );
  });

  it('keeps nothing of a transaction that fails', async () => {
    await assert.rejects(
      inTransaction(db, async tx => {
        await lockSubjects(tx, ['staff/a']);
        await appendEvents(tx, [fact('staff/a', 1)]);
        throw new Error('no');
      }),
    );
    assert.deepEqual(await all(), []);
  });
});
