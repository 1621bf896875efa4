import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type Database, inTransaction, openDatabase } from '#hub/platform/database.ts';
import { appendEvents, lockSubjects } from '#hub/platform/event-log.ts';
import type { CloudEvent } from '#schemas/cloud-event.ts';
import type { EventLease } from '#schemas/event-lease.ts';
import { type EventsGateway, fact, type Page, startEventsGateway } from '#tests/events/events-gateway.ts';
import { readStream } from '#tests/events/read-stream.ts';

const writers = 300;
const subjects = Array.from({ length: 40 }, () => `unit/${randomUUID()}`);
/** Some of the subjects, always the same for a number. */
const someOf = (nr: number): string[] => [...new Set([nr, nr * 7, nr * 13].map(at => subjects[at % 40]!))];

/** One writer: several subjects under their locks, each with its next version; every tenth changes its mind. */
const writeOnce = (db: Database, nr: number): Promise<void> =>
  inTransaction(db, async tx => {
    const own = someOf(nr);
    await lockSubjects(tx, own);
    const { rows } = await sql<{ subject: string; last: number }>`
      select s as subject, coalesce(max(subject_version), 0)::int as last
      from unnest(${own}::text[]) s left join event on subject = s group by s`.execute(tx);
    await appendEvents(
      tx,
      rows.map(({ subject, last }) => fact('unit.updated', subject, last + 1, { unitId: subject.slice(5) })),
    );
    if (nr % 10 === 0) throw new Error('changed its mind');
  });

describe('Readers of the log beside hundreds of writers', () => {
  let gateway: EventsGateway;
  let admin: string;
  beforeEach(async () => {
    gateway = await startEventsGateway();
    admin = await gateway.token(undefined, 'admin');
  });
  afterEach(() => gateway.stop());

  it('follow transaction ids as numbers: the one with a digit more comes after', async () => {
    const subject = `unit/${randomUUID()}`;
    for (const [nr, xid] of ['8', '9', '10', '11', '99', '100', '101'].entries())
      await sql`
        insert into event (xid, type, subject, subject_version, source, actor, data)
        values (${xid}::xid8, 'vn.lienthong.unit.updated.v1', ${subject}, ${nr + 1}, 'test', 'test', '{}')`.execute(
        gateway.hub.db,
      );
    for (const query of ['limit=2', `limit=2&subject=${subject}`, 'limit=500', `subject=${subject}`]) {
      const { items } = await gateway.readAll(admin, query);
      assert.deepEqual(
        items.map(({ sequence }) => Number(sequence)),
        [1, 2, 3, 4, 5, 6, 7],
        query,
      );
    }
  });

  it('get exactly what was committed, each subject in order, by page, stream and lease', async function () {
    this.timeout(120_000);
    await gateway.ask('PUT', '/api/v1/events/consumers/all', admin, { from: 'beginning' });
    const stream = await readStream(`${gateway.origin}/api/v1/events/stream?after=beginning`, admin);
    let writing = true;
    const byPage: CloudEvent[] = [];
    const readPages = async (): Promise<void> => {
      let next = '';
      for (let last = false; ; ) {
        const { body } = await gateway.ask<Page>(
          'GET',
          `/api/v1/events?limit=50&wait=0.2&after=${next}`,
          admin,
        );
        byPage.push(...body.items);
        ({ next } = body);
        if (last && body.items.length === 0) return;
        last = !writing;
      }
    };
    const byLease: CloudEvent[] = [];
    const lease = async (): Promise<void> => {
      for (let last = false; ; ) {
        const wish = { consumer: 'all', limit: 40, wait: 0.2 };
        const { body } = await gateway.ask<EventLease>('POST', '/api/v1/events/leases', admin, wish);
        byLease.push(...body.items);
        if (body.id !== undefined)
          await gateway.ask('POST', `/api/v1/events/leases/${body.id}/acknowledge`, admin, {});
        if (last && body.items.length === 0) return;
        last = !writing;
      }
    };
    const db = openDatabase(gateway.hub.databaseUrl, 30);
    const readers = Promise.all([readPages(), lease()]);
    await Promise.all(Array.from({ length: writers }, (_, nr) => writeOnce(db, nr).catch(() => {})));
    gateway.hub.context.wake.notify('events');
    writing = false;
    await readers;
    const { rows } = await sql<{ id: string }>`select id from event`.execute(db);
    await db.destroy();
    const committed = rows.map(row => row.id).sort();
    assert.ok(committed.length > writers);
    await stream.received(committed.length);
    stream.close();
    for (const [channel, events] of [
      ['page', byPage],
      ['stream', stream.events.map(({ data }) => data)],
      ['lease', byLease],
    ] as const) {
      assert.deepEqual(events.map(event => event.id).sort(), committed, channel);
      const last = new Map<string, number>();
      for (const { subject, sequence } of events) {
        assert.equal(Number(sequence), (last.get(subject) ?? 0) + 1, channel);
        last.set(subject, Number(sequence));
      }
    }
  });
});
