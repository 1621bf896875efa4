import assert from 'node:assert/strict';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import type { CloudEvent } from '#schemas/cloud-event.ts';
import { type Language, languages, makeHome, startReceiver } from '#tests/clients/run-client.ts';

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const now = (): number => Math.floor(Date.now() / 1000);
const signature = (id: string, timestamp: number, body: string, key = secret): string => {
  const bytes = Buffer.from(key.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
};
const makeEvent = (): CloudEvent => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/lienthong/hr',
  type: 'vn.lienthong.staff.moved.v1',
  subject: `staff/${randomUUID()}`,
  time: new Date().toISOString(),
  datacontenttype: 'application/json',
  sequence: '0000000001',
  partitionkey: 'staff',
  data: { staff: { name: 'Trần Thị Bình', title: 'Phó Chánh Văn phòng' }, none: {} },
});

for (const language of Object.keys(languages) as Language[])
  describe(`The webhook receiver in ${language}`, () => {
    const home = makeHome();
    let receiver: Awaited<ReturnType<typeof startReceiver>>;
    before(async () => {
      receiver = await startReceiver(language, { secret, eventsFile: home.eventsFile });
    });
    after(async () => {
      await receiver.kill();
      home.remove();
    });

    /** Posts an event as the hub does, or not quite so. */
    const post = async (
      event: CloudEvent,
      change: {
        timestamp?: number;
        signature?: string;
        body?: string;
        headers?: Record<string, string>;
      } = {},
    ): Promise<number> => {
      const body = JSON.stringify(event);
      const timestamp = change.timestamp ?? now();
      const answer = await fetch(receiver.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'webhook-id': event.id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': change.signature ?? signature(event.id, timestamp, body),
          ...change.headers,
        },
        body: change.body ?? body,
      });
      await answer.arrayBuffer();
      return answer.status;
    };
    const isTaken = ({ id }: CloudEvent): boolean => home.taken().some(event => event.id === id);

    it('takes what the hub has signed, whole', async () => {
      const event = makeEvent();
      assert.equal(await post(event), 204);
      assert.deepEqual(home.taken().at(-1), event);
    });

    it('answers a repeat as well, and does nothing twice', async () => {
      const event = makeEvent();
      for (let nr = 0; nr < 3; nr++) assert.equal(await post(event), 204);
      assert.equal(home.taken().filter(({ id }) => id === event.id).length, 1);
    });

    it('takes what is signed by an old and a new secret, in any order', async () => {
      const other = `whsec_${randomBytes(32).toString('base64')}`;
      for (const order of [0, 1]) {
        const event = makeEvent();
        const both = [other, secret].map(key => signature(event.id, now(), JSON.stringify(event), key));
        assert.equal(await post(event, { signature: (order ? both.reverse() : both).join(' ') }), 204);
      }
    });

    it('refuses another signature, none, one of another kind, and one of another body or id', async () => {
      const event = makeEvent();
      const good = signature(event.id, now(), JSON.stringify(event));
      for (const change of [
        {
          signature: signature(
            event.id,
            now(),
            JSON.stringify(event),
            `whsec_${randomBytes(32).toString('base64')}`,
          ),
        },
        { signature: '' },
        { signature: good.replace('v1,', 'v1a,') },
        { signature: good.slice(3) },
        { signature: `${good}A` },
        { body: JSON.stringify({ ...event, type: 'vn.lienthong.staff.left.v1' }) },
        { signature: good, headers: { 'webhook-id': randomUUID() } },
        { headers: { 'webhook-id': '' } },
      ])
        assert.equal(await post(event, change), 401, JSON.stringify(change));
      assert.ok(!isTaken(event));
    });

    it('refuses what was signed more than five minutes ago or ahead, and what is no time', async () => {
      const event = makeEvent();
      for (const timestamp of [now() - 330, now() + 330, -1, Number.NaN, 1e20])
        assert.equal(await post(event, { timestamp }), 401, String(timestamp));
      assert.ok(!isTaken(event));
      assert.equal(await post(event, { timestamp: now() - 200 }), 204);
    });

    it('takes nothing but POST, and nothing too long', async () => {
      assert.equal((await fetch(receiver.url)).status, 405);
      assert.equal(await post(makeEvent(), { body: 'x'.repeat(1_100_000) }), 413);
    });

    it('says that it failed when it cannot keep an event, so that the hub sends it again', async () => {
      const event = makeEvent();
      const body = '{"no json';
      assert.equal(await post(event, { body, signature: signature(event.id, now(), body) }), 500);
    });

    it('knows after a crash what it had taken, and forgets the line that the crash cut short', async () => {
      const [known, cut] = [makeEvent(), makeEvent()];
      await post(known);
      const before = home.taken().length;
      await receiver.kill();
      appendFileSync(home.eventsFile, JSON.stringify(cut).slice(0, 40));
      receiver = await startReceiver(language, { secret, eventsFile: home.eventsFile });
      assert.equal(await post(known), 204);
      assert.equal(await post(cut), 204);
      const after = home.taken();
      assert.equal(after.length, before + 1);
      assert.deepEqual(after.at(-1), cut);
    });
  });
