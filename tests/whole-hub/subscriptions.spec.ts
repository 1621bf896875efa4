import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { assertInOrder, type Receiver, startReceiver, verify } from '#tests/delivery/receiver.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';

const until = { withinMs: 90_000, everyMs: 100 };

interface Page {
  items: { id: string }[];
  next: string;
  more?: boolean;
}

describe('Webhooks of a hub that is killed', function () {
  this.timeout(180_000);
  let embedded: EmbeddedHub;
  let receiver: Receiver;
  before(async () => {
    embedded = await embeddedHub();
    receiver = await startReceiver();
  });
  after(() => receiver.stop());

  it('bring after the restart exactly what was committed, in order for each person', async () => {
    const { hub } = embedded;
    const { next: start } = await hub.get<Page>('/api/v1/events?after=latest');
    // So slow that the hub can be killed in the middle.
    receiver.behave(() => new Promise(resolve => setTimeout(resolve, 40, 204)));
    const answer = await hub.ask('/api/v1/subscriptions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        app: 'operations-page',
        url: receiver.url,
        types: ['staff.moved'],
        concurrency: 4,
      }),
    });
    assert.equal(answer.status, 201, await answer.clone().text());
    const { id, secrets } = (await answer.json()) as { id: string; secrets: string[] };
    const { codes } = await hub.act({ action: 'many', kind: 'move', count: 140 });
    await waitUntil('some to arrive', () => receiver.taken.length >= 20, until);
    await hub.kill();
    const taken = receiver.taken.length;
    assert.ok(taken < codes.length, 'everything had arrived already');
    receiver.behave(() => 204);
    const again = await embedded.restart();
    const committed = async (): Promise<Set<string>> => {
      const ids = new Set<string>();
      for (let after = start, more = true; more; ) {
        const page = await again.get<Page>(`/api/v1/events?types=staff.moved&after=${after}`);
        for (const event of page.items) ids.add(event.id);
        after = page.next;
        more = page.more === true || page.items.length > 0;
      }
      return ids;
    };
    const received = (): Set<string> => new Set(receiver.taken.map(event => event.id));
    await waitUntil(
      'all that was committed',
      async () => {
        const [want, have] = [await committed(), received()];
        return want.size >= codes.length && want.symmetricDifference(have).size === 0;
      },
      until,
    );
    assertInOrder(receiver.taken);
    assert.ok(receiver.taken.every(event => verify(secrets[0]!, event)));
    await waitUntil(
      'its place at the end',
      async () => (await again.get<{ lag: number }>(`/api/v1/subscriptions/${id}`)).lag === 0,
      until,
    );
    // What was sent since the last mark comes again; not more than lay between two marks.
    assert.ok(receiver.taken.length - received().size <= 500);
  });
});
