import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { findHolder } from '#hub/events/held-log-store.ts';
import { watchHeldLog } from '#hub/events/watch-held-log.ts';
import { inTransaction, openDatabase, type Tx } from '#hub/platform/database.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import {
  type EventsGateway,
  staffFact,
  startEventsGateway,
  writeFacts,
} from '#tests/events/events-gateway.ts';
import { readStream } from '#tests/events/read-stream.ts';
import { createLogBook } from '#tests/http/start-edge.ts';

describe('A log that is held back', () => {
  let gateway: EventsGateway;
  let admin: string;
  before(async () => {
    gateway = await startEventsGateway();
    admin = await gateway.token(undefined, 'admin');
  });
  after(() => gateway.stop());

  /** A transaction that stays open; gives what ends it. */
  const hold = async (work: (tx: Tx) => Promise<unknown>): Promise<() => Promise<void>> => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const done = inTransaction(gateway.hub.db, async tx => {
      await work(tx);
      begun.resolve();
      await gate.promise;
    });
    await Promise.race([begun.promise, done]);
    return async () => {
      gate.resolve();
      await done;
      gateway.hub.context.wake.notify('events');
    };
  };
  const pidOf = async (tx: Tx): Promise<number> => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    return rows[0]!.pid;
  };
  const gauge = async (): Promise<number> => {
    const metrics = await (await fetch(`${gateway.origin}/metrics`)).text();
    return Number(/^lienthong_event_log_held_seconds (\S+)$/m.exec(metrics)?.[1]);
  };

  it('skips nothing on any channel, and raises the alarm once', async () => {
    const { db } = gateway.hub;
    const { log, lines } = createLogBook();
    const place = (await gateway.ask('GET', '/api/v1/events?after=latest', admin)).body.next;
    await gateway.ask('PUT', '/api/v1/events/consumers/held', admin, { from: place });
    const stream = await readStream(`${gateway.origin}/api/v1/events/stream?after=${place}`, admin);
    const [slow, quick] = [randomUUID(), randomUUID()];
    assert.ok((await gauge()) < 1);
    const watch = watchHeldLog({ db, log }, { warnAfterSeconds: 1, everyMs: 20 });
    let pid = 0;
    const end = await hold(async tx => {
      await writeFacts(tx, staffFact('staff.joined', slow));
      pid = await pidOf(tx);
    });
    for (let version = 1; version <= 3; version++)
      await gateway.write(staffFact('staff.updated', quick, version));
    await waitUntil('the alarm', () => lines.some(line => line.includes('holds the event log back')), {
      withinMs: 10_000,
    });
    assert.ok((await gauge()) >= 1);
    // Nobody is shown what a cursor could not come back for.
    const page = await gateway.ask('GET', `/api/v1/events?after=${place}`, admin);
    assert.deepEqual(page.body.items, []);
    const lease = () =>
      gateway.ask<{ items: { subject: string }[] }>('POST', '/api/v1/events/leases', admin, {
        consumer: 'held',
      });
    assert.deepEqual((await lease()).body.items, []);
    assert.equal(stream.events.length, 0);

    await end();
    const expected = [`staff/${slow}`, ...Array(3).fill(`staff/${quick}`)];
    const subjects = (items: { subject: string }[]) => items.map(item => item.subject);
    await stream.received(4);
    assert.deepEqual(subjects(stream.events.map(({ data }) => data)), expected);
    const after = await gateway.ask('GET', `/api/v1/events?after=${page.body.next}`, admin);
    assert.deepEqual(subjects(after.body.items), expected);
    assert.deepEqual(subjects((await lease()).body.items), expected);
    await waitUntil('the all-clear', () => lines.some(line => line.includes('no longer held')), {
      withinMs: 10_000,
    });
    // Others of this server may be slow as well.
    const warnings = lines.filter(line => line.includes(`"pid":${pid},`));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /"level":40.*"program":"lienthong"/);
    stream.close();
    await watch.stop();
  });

  it('is not held by a transaction that only reads, however long', async () => {
    let pid = 0;
    const end = await hold(async tx => {
      await sql`set transaction isolation level repeatable read`.execute(tx);
      await sql`select count(*) from event`.execute(tx);
      pid = await pidOf(tx);
    });
    const place = (await gateway.ask('GET', '/api/v1/events?after=latest', admin)).body.next;
    await gateway.write(staffFact('staff.joined', randomUUID()));
    const page = await gateway.ask('GET', `/api/v1/events?after=${place}&wait=10`, admin);
    assert.equal(page.body.items.length, 1);
    assert.notEqual((await findHolder(gateway.hub.db))?.pid, pid);
    await end();
  });

  it('is held by a transaction of another database of the same server, and that is told', async () => {
    const url = new URL(gateway.hub.databaseUrl);
    url.pathname = '/postgres';
    const other = openDatabase(url.href, 1);
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const holding = inTransaction(other, async tx => {
      await sql`select pg_current_xact_id()`.execute(tx);
      begun.resolve();
      await gate.promise;
    });
    await begun.promise;
    const place = (await gateway.ask('GET', '/api/v1/events?after=latest', admin)).body.next;
    await gateway.write(staffFact('staff.joined', randomUUID()));
    const page = await gateway.ask('GET', `/api/v1/events?after=${place}`, admin);
    assert.deepEqual(page.body.items, []);
    assert.ok((await findHolder(gateway.hub.db)) !== undefined);
    gate.resolve();
    await holding;
    await other.destroy();
    const later = await gateway.ask('GET', `/api/v1/events?after=${page.body.next}&wait=10`, admin);
    assert.equal(later.body.items.length, 1);
  });
});
