import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiscardPolicy, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { publishPage, type Shown, StreamDiffers } from '#hub/mirror/publish-page.ts';
import { createPublisher, type Publisher } from '#hub/mirror/publisher.ts';
import type { Event } from '#schemas/event.ts';
import { startTestNats, type TestNats } from '#tests/mirror/nats-server.ts';

const stream = 'LIENTHONG_PAGE';
const named = (id: string): Shown => ({
  event: { id, type: 'vn.lienthong.staff.joined.v1', subject: `staff/${id}` } as Event,
  json: Buffer.from(`{"id":"${id}"}`),
});
const page = (ids: string): Shown[] => [...ids].map(named);

describe('A page published to a stream', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-page-'));
  let nats: TestNats;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let publisher: Publisher;
  before(async () => {
    nats = await startTestNats(folder);
    connection = await nats.connect();
    manager = await jetstreamManager(connection);
    publisher = createPublisher(connection, 5000);
  });
  after(async () => {
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await manager.streams.add({
      name: stream,
      subjects: ['lienthong-app.page.>'],
      max_msgs: 3,
      discard: DiscardPolicy.New,
    });
  });
  afterEach(() => manager.streams.delete(stream));
  const publish = (ids: string, lastSeq = 0) =>
    publishPage(publisher, { stream, app: 'page', lastSeq }, page(ids));
  const held = async () => (await manager.streams.info(stream)).state.messages;

  it('that is not taken whole says what the first was refused for, not that the stream differs', async () => {
    await assert.rejects(publish('abcde'), /maximum messages exceeded/);
    assert.equal(await held(), 3);
  });

  it('is taken again after a crash, each message once, and goes on behind', async () => {
    await publish('ab');
    await publish('abc');
    assert.equal(await held(), 3);
  });

  it('is noticed when it differs in its middle from what is there already', async () => {
    await publish('abc');
    await assert.rejects(publish('axc'), StreamDiffers);
    await assert.rejects(publish('x', 1), StreamDiffers);
  });

  it('that nobody takes is refused', async () => {
    await assert.rejects(publishPage(publisher, { stream, app: 'nobody', lastSeq: 0 }, page('a')), /takes/);
  });
});
