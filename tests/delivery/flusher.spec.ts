import { equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import { pino } from 'pino';
import { createFlusher } from '#hub/delivery/flusher.ts';
import type { Database } from '#hub/platform/database.ts';

/** A database whose statement ends when it is told to. */
class HeldDriver extends DummyDriver {
  readonly held = Promise.withResolvers<void>();
  override async acquireConnection() {
    return {
      executeQuery: async <R>(): Promise<QueryResult<R>> => {
        await this.held.promise;
        return { rows: [] };
      },
      async *streamQuery() {},
    };
  }
}

const attempt = {
  subscriptionId: randomUUID(),
  eventId: randomUUID(),
  type: 'vn.lienthong.staff.updated.v1',
  subject: 'staff/1',
  at: new Date(0).toISOString(),
  status: 204,
  outcome: 'delivered' as const,
  errorCode: null,
  durationMs: 1,
  attempt: 1,
  repeat: false,
  answer: null,
};

describe('The writer of marks', () => {
  it('moves the mark of a fast receiver as soon as a quarter of a window is answered, without waiting', async () => {
    const driver = new HeldDriver();
    const db: Database = new Kysely({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => driver,
        createIntrospector: of => new PostgresIntrospector(of),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    });
    const flusher = createFlusher(db, randomUUID(), pino({ level: 'silent' }));
    let collected = 0;
    const lane = {
      collect() {
        collected++;
        return undefined;
      },
    };
    const answer = (count: number): void => {
      for (let nr = 0; nr < count; nr++) {
        flusher.note(lane);
        flusher.attempted(attempt);
      }
    };

    answer(124);
    equal(collected, 0);
    answer(1);
    equal(collected, 1);
    // One write at a time: what is answered meanwhile is written right after it.
    answer(125);
    equal(collected, 1);
    driver.held.resolve();
    await new Promise(resolve => setImmediate(resolve));
    equal(collected, 2);
    await flusher.stop();
  });
});
