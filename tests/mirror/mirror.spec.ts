import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JetStreamManager, jetstream } from '@nats-io/jetstream';
import { sql } from 'kysely';
import createApps from '#hub/apps/apps.service.ts';
import { createMirrorWith } from '#hub/mirror/mirror.service.ts';
import { type MirrorHub, readStream, startMirrorHub } from '#tests/mirror/mirror-hub.ts';
import { startTestNats, type TestNats } from '#tests/mirror/nats-server.ts';
import { createTestHub } from '#tests/support/test-hub.ts';

const people = (count: number) => Array.from({ length: count }, () => randomUUID());

describe('The mirror of the log in JetStream', () => {
  let nats: TestNats;
  let manager: JetStreamManager;
  let hub: MirrorHub;
  before(async () => {
    nats = await startTestNats(mkdtempSync(join(tmpdir(), 'lienthong-nats-')));
    manager = await nats.manager();
  });
  after(() => nats.stop());
  beforeEach(async () => {
    hub = await startMirrorHub(nats);
  });
  afterEach(() => hub.stop());

  const joined = (count: number) =>
    hub.write(people(count).map(staffId => ({ name: 'staff.joined', staffId })));
  it('holds every fact in the order of the log, under its id, as CloudEvents, on a subject of its type and subject', async () => {
    const [mai, nam] = people(2) as [string, string];
    await hub.write([{ name: 'staff.joined', staffId: mai }]);
    await hub.write([{ name: 'staff.joined', staffId: nam }]);
    for (let nr = 0; nr < 30; nr++)
      await hub.write([
        { name: 'staff.moved', staffId: nr % 2 === 0 ? mai : nam },
        { name: 'salary.changed', staffId: mai },
      ]);
    const stored = await hub.mirrored();
    assert.equal(stored.length, 62);
    assert.equal(stored[0]!.subject, `lienthong.staff.joined.v1.staff.${mai}`);
    for (const { event, id, subject, contentType } of stored) {
      assert.equal(event.id, id);
      assert.match(contentType, /^application\/cloudevents\+json/);
      assert.equal(
        subject,
        `lienthong.${event.type.slice('vn.lienthong.'.length)}.${event.subject.replaceAll('/', '.')}`,
      );
    }
    const { config } = await manager.streams.info('LIENTHONG');
    assert.equal(config.duplicate_window, 3_600e9);
    assert.equal(config.max_age, 30 * 86_400e9);
    assert.equal(config.storage, 'file');
  });

  it('tells in the shared stream who and what changed, by basic names, and no value of a person', async () => {
    const staffId = randomUUID();
    const staff = {
      id: staffId,
      name: 'Trần Thị Mai',
      rank: 'A1',
      coefficient: 333,
      positions: [],
      disciplines: [1],
    };
    await hub.write([
      { name: 'staff.joined', staffId },
      {
        name: 'staff.updated',
        staffId,
        data: { staffId, changed: ['name', 'phone', 'citizenNumber'], staff },
      },
      { name: 'staff.updated', staffId, data: { staffId, changed: ['phone'], staff } },
      {
        name: 'staff.moved',
        staffId,
        data: { staffId, changed: ['positions', 'salary', 'disciplines'], staff },
      },
      { name: 'discipline.recorded', staffId },
    ]);
    const facts = await hub.log();
    const stored = await hub.mirrored(
      'LIENTHONG',
      [0, 1, 3, 4].map(at => facts[at]!),
    );
    assert.deepEqual(
      stored.map(({ event }) => event.data),
      [
        { notice: true, staffId },
        { notice: true, staffId, changed: ['name'] },
        { notice: true, staffId, changed: ['positions'] },
        { notice: true, staffId },
      ],
    );
    assert.match(stored[3]!.subject, /^lienthong\.discipline\.recorded\.v1\./);
  });

  it('takes what was published and not noted, after a crash between the two, once', async () => {
    await joined(20);
    await hub.mirrored();
    await hub.parts.find(part => part.name === 'mirror')!.stop!();
    // As a hub leaves it that died before it could note the last seven facts.
    await sql`
      update event_reader r set xid = e.xid, position = e.position
      from (select xid, position from event order by xid, position offset 12 limit 1) e
      where name = 'mirror/LIENTHONG'`.execute(hub.db);
    const last = (await hub.log())[12]!.id;
    await sql`update mirror_stream set last_seq = 13, last_id = ${last}::uuid where stream = 'LIENTHONG'`.execute(
      hub.db,
    );
    const { created } = await manager.streams.info('LIENTHONG');
    const again = await startMirrorHub(nats, { databaseUrl: hub.databaseUrl });
    try {
      await joined(3);
      again.context.wake.notify('events');
      await hub.mirrored();
      assert.equal((await manager.streams.info('LIENTHONG')).created, created, 'it was not built again');
    } finally {
      await again.stop();
    }
  });

  it('is built again, whole and in order, when the stream was deleted, recreated or emptied', async () => {
    await joined(600);
    await hub.mirrored();
    const { config } = await manager.streams.info('LIENTHONG');
    await manager.streams.delete('LIENTHONG');
    await hub.mirrored();
    await manager.streams.delete('LIENTHONG');
    await manager.streams.add(config);
    await hub.mirrored();
    await manager.streams.purge('LIENTHONG');
    await hub.mirrored();
    await joined(3);
    await hub.mirrored();
  });

  it('notices and mends a message that was removed, one that somebody else wrote, and one in place of another', async () => {
    await joined(10);
    await hub.mirrored();
    await manager.streams.deleteMessage('LIENTHONG', 4);
    await hub.mirrored();
    await manager.streams.deleteMessage('LIENTHONG', 1);
    await hub.mirrored();

    const client = jetstream(await nats.connect());
    await client.publish('lienthong.staff.joined.v1.staff.forged', '{}');
    await hub.mirrored();
    await client.publish('lienthong.staff.joined.v1.staff.forged', '{}');
    await joined(1);
    await hub.mirrored();
  });

  it('waits while NATS is away, goes on by itself, and is whole again when its store was lost', async () => {
    await joined(50);
    await hub.mirrored();
    await nats.kill();
    await joined(50);
    await nats.start();
    await hub.mirrored();
    await nats.kill();
    nats.loseStore();
    await joined(10);
    await nats.start();
    await hub.mirrored();
  });

  it('is filled by one node at a time, and another goes on when the first is gone', async () => {
    const second = await startMirrorHub(nats, { databaseUrl: hub.databaseUrl });
    try {
      for (let nr = 0; nr < 20; nr++) {
        await joined(25);
        second.context.wake.notify('events');
      }
      await hub.mirrored();
      await hub.parts.find(part => part.name === 'mirror')!.stop!();
      await joined(30);
      second.context.wake.notify('events');
      const stored = await hub.mirrored();
      assert.deepEqual(
        (await readStream(manager, 'LIENTHONG')).map(({ seq }) => seq),
        stored.map((_, at) => at + 1),
      );
    } finally {
      await second.stop();
    }
  });

  it('is ready and idle without NATS, and waits for a NATS that is not there or has no JetStream', async () => {
    const noStream = await startTestNats(mkdtempSync(join(tmpdir(), 'lienthong-nats-')), {
      jetStream: false,
    });
    try {
      for (const access of [undefined, { url: 'nats://127.0.0.1:1' }, { url: noStream.url }]) {
        const other = await createTestHub([
          createApps,
          context => createMirrorWith({ ...context, nats: access }, { answerMs: 200 }),
        ]);
        await other.stop();
      }
    } finally {
      await noStream.stop();
    }
  });
});
