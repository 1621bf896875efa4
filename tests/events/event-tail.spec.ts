import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Database, inTransaction, openDatabase } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { beginning, headOfLog } from '#hub/platform/event-log.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import { createEventTail, type EventTail } from '#hub/platform/events/event-tail.ts';
import { createLog } from '#hub/platform/log.ts';
import { createWake, type Wake } from '#hub/platform/wake.ts';
import { staffFact, writeFacts } from '#tests/events/events-gateway.ts';
import { createMigratedDatabase } from '#tests/support/test-hub.ts';

describe('The end of the event log in memory', () => {
  let database: { url: string; drop(): Promise<void> };
  let db: Database;
  let counted: Database;
  let asked = 0;
  let wake: Wake;
  let tail: EventTail;
  let news = 0;
  let id: string;
  let version: number;
  beforeEach(async () => {
    database = await createMigratedDatabase();
    db = openDatabase(database.url, 5);
    counted = db.withPlugin({
      transformQuery({ node }) {
        asked += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    wake = await createWake(undefined);
    tail = createEventTail(counted, wake, createLog('silent'));
    id = randomUUID();
    version = 0;
    news = 0;
    asked = 0;
  });
  afterEach(async () => {
    await tail.stop();
    await wake.stop();
    await db.destroy();
    await database.drop();
  });

  const write = async (count: number) => {
    const facts = Array.from({ length: count }, () => staffFact('staff.updated', id, ++version));
    await inTransaction(db, tx => writeFacts(tx, ...facts));
    wake.notify('events');
  };
  const versions = async (after: EventCursor, limit = 100) => {
    const { events, cursor } = await tail.read({ after, limit });
    return { versions: events.map(event => event.subjectVersion), cursor };
  };
  const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, nr) => from + nr);
  /** Follows the log from here on. */
  const follow = async () => {
    tail.onNews(() => {
      news += 1;
    });
    // Its first reading places it: what is written from then on is news.
    await waitUntil('the tail to have begun', () => asked >= 2, { withinMs: 10_000 });
  };
  const heard = (count: number) => waitUntil('news', () => news >= count, { withinMs: 10_000 });

  it('reads from the database while nobody listens', async () => {
    await write(3);
    assert.deepEqual((await versions(beginning)).versions, [1, 2, 3]);
    assert.equal(asked, 1);
  });

  it('serves who is behind what it holds from the database, without a gap to what it holds', async () => {
    await write(3);
    await follow();
    await write(3);
    await heard(1);
    const first = await versions(beginning, 2);
    assert.deepEqual(first.versions, [1, 2]);
    const second = await versions(first.cursor, 2);
    assert.deepEqual(second.versions, [3, 4]);
    assert.deepEqual((await versions(second.cursor)).versions, [5, 6]);
  });

  it('serves any number of readers at the end from memory', async () => {
    const start = await headOfLog(db);
    await follow();
    await write(4);
    await heard(1);
    await tail.stop();
    asked = 0;
    const { cursor } =
      (await versions(start)).versions.length === 4 ? await versions(start, 2) : assert.fail();
    for (let nr = 0; nr < 100; nr++) assert.deepEqual((await versions(cursor)).versions, [3, 4]);
    assert.equal(asked, 0);
  });

  it('gives who is ahead of it nothing, keeps the place, and misses nothing later', async () => {
    await follow();
    await write(2);
    await heard(1);
    const ahead = await headOfLog(db);
    const none = await versions(ahead);
    assert.deepEqual(none, { versions: [], cursor: ahead });
    await write(2);
    await heard(2);
    assert.deepEqual((await versions(ahead)).versions, [3, 4]);
  });

  it('forgets what lies far back, and still gives it to who asks', async () => {
    const start = await headOfLog(db);
    await follow();
    for (let nr = 0; nr < 10; nr++) await write(1000);
    const seen: number[] = [];
    let cursor = start;
    let middle = start;
    await waitUntil(
      'all to be read',
      async () => {
        const page = await versions(cursor, 500);
        seen.push(...page.versions);
        ({ cursor } = page);
        if (seen.length === 8000) middle = cursor;
        return seen.length >= 10_000;
      },
      { withinMs: 20_000, everyMs: 1 },
    );
    assert.deepEqual(seen, upTo(10_000));
    await tail.stop();
    asked = 0;
    assert.deepEqual((await versions(middle, 5000)).versions, upTo(10_000, 8001));
    assert.equal(asked, 0);
    assert.deepEqual((await versions(start, 3)).versions, [1, 2, 3]);
    assert.equal(asked, 1);
  });

  it('tells of news once it can be read, and not to who has stopped listening', async () => {
    let stopped = 0;
    const stop = tail.onNews(() => {
      stopped += 1;
    });
    await follow();
    const start = await headOfLog(db);
    await write(1);
    await heard(1);
    assert.deepEqual((await versions(start)).versions, [1]);
    stop();
    const before = stopped;
    await write(1);
    await heard(2);
    assert.equal(stopped, before);
  });
});
