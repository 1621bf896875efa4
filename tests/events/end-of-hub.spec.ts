import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { EventLease } from '#schemas/event-lease.ts';
import { startEventsGateway } from '#tests/events/events-gateway.ts';
import { readStream } from '#tests/events/read-stream.ts';

describe('A hub that stops while readers wait', () => {
  it('answers all of them at once: an empty page with its place, no lease, the end of the stream', async () => {
    const gateway = await startEventsGateway();
    await gateway.putApp('ours', { attributes: ['name'] });
    const token = await gateway.token('ours', 'events.read');
    await gateway.known(token);
    await gateway.ask('PUT', '/api/v1/events/consumers/worker', token, { from: 'latest' });
    const { tail } = gateway.hub.context;
    const listen = tail.onNews;
    let waiting = 0;
    tail.onNews = listener => {
      waiting += 1;
      return listen(listener);
    };
    const startedAt = performance.now();
    const stream = await readStream(`${gateway.origin}/api/v1/events/stream`, token);
    const page = gateway.ask('GET', '/api/v1/events?after=latest&wait=30', token);
    const lease = gateway.ask<EventLease>('POST', '/api/v1/events/leases', token, {
      consumer: 'worker',
      wait: 30,
    });
    await waitUntil('all three to wait', () => waiting === 3, { withinMs: 10_000 });
    await gateway.stop();
    const answers = [await page, await lease] as const;
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.items]),
      [
        [200, []],
        [200, []],
      ],
    );
    assert.ok(answers[0].body.next);
    assert.equal(answers[1].body.id, undefined);
    await waitUntil('the stream to end', () => stream.ended() !== undefined, { withinMs: 10_000 });
    assert.ok(performance.now() - startedAt < 9_000, 'nobody was cut off after the grace of 10 s');
  });
});
