import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { type DeliveryHub, people } from '#tests/delivery/delivery-hub.ts';
import { assertInOrder, type Received, type Receiver, startReceiver } from '#tests/delivery/receiver.ts';
import { type Limits, serveWithLimits } from '#tests/delivery/serve-with-limits.ts';

const until = { withinMs: 15_000 };

describe('Limits of webhooks', function () {
  this.timeout(30_000);
  let hub: DeliveryHub;
  const receivers: Receiver[] = [];
  const serve = async (limits: Limits): Promise<void> => {
    hub = await serveWithLimits(limits);
  };
  const receive = async (): Promise<Receiver> => {
    const receiver = await startReceiver();
    receivers.push(receiver);
    return receiver;
  };
  afterEach(async () => {
    for (const receiver of receivers.splice(0)) await receiver.stop();
    await hub.stop();
  });
  const codeOf = ({ data }: Received): string => (data.staff as { code: string }).code;

  it('hold a subscription to its rate, of which a pause saves up a tenth of a second at most', async () => {
    let ms = 0;
    await serve({ clock: { now: () => Date.now(), elapsed: () => ms } });
    const { arrived, url } = await receive();
    const { id } = await hub.subscribe(url, { rate: 20 });
    await hub.facts(people(12));
    const arrive = (count: number) => waitUntil(`${count} requests`, () => arrived.length === count, until);
    await arrive(1);
    for (const count of [2, 3, 4, 5]) {
      ms += 50;
      await arrive(count);
    }
    ms += 1000;
    await arrive(7);
    for (const count of [8, 9, 10, 11, 12]) {
      ms += 50;
      await arrive(count);
    }
    await hub.settled(id);
  });

  it('let no more requests go at once over all subscriptions than there are sockets, and each has its turn', async () => {
    await serve({ sockets: 6 });
    let underWay = 0;
    let most = 0;
    const ids: string[] = [];
    for (let nr = 0; nr < 3; nr++) {
      const receiver = await receive();
      receiver.behave(async () => {
        underWay++;
        most = Math.max(most, underWay);
        await new Promise(resolve => setTimeout(resolve, 30));
        underWay--;
        return 204;
      });
      ids.push((await hub.subscribe(receiver.url, { concurrency: 4 })).id);
    }
    await hub.facts(people(40));
    for (const id of ids) await hub.settled(id);
    assert.equal(most, 6);
    for (const { arrived } of receivers) assert.equal(arrived.length, 40);
  });

  it('keep half of the sockets free of replays, so that fresh facts go out', async () => {
    await serve({ sockets: 6 });
    const late = await receive();
    const { id } = await hub.subscribe(late.url, { concurrency: 32 });
    for (let nr = 0; nr < 12; nr++) await hub.facts(people(50));
    await hub.settled(id);
    const answer = Promise.withResolvers<number>();
    late.behave(() => answer.promise);
    await hub.ask('POST', `/subscriptions/${id}/replay`, { body: { from: 'beginning' } });
    await waitUntil('the replay to hang', () => late.arrived.length === 600 + 3, until);
    const fresh = await receive();
    const other = await hub.subscribe(fresh.url);
    await hub.facts(people(20));
    await hub.settled(other.id);
    assert.equal(fresh.taken.length, 20);
    assert.equal(late.arrived.length, 600 + 3);
    answer.resolve(204);
    await hub.settled(id);
    assertInOrder(late.taken.slice(600));
  });

  it('let nothing new be read for a receiver that has too much parked, until that is done with', async () => {
    await serve({ parkedMax: 20 });
    const [receiver, sound] = [await receive(), await receive()];
    const { id } = await hub.subscribe(receiver.url);
    const other = await hub.subscribe(sound.url);
    receiver.behave(() => 500);
    await hub.facts(Array.from({ length: 30 }, () => 'refused'));
    await waitUntil('rows of all', async () => (await hub.parkedRows(id)) === 30, until);
    await hub.facts(people(10));
    await hub.settled(other.id);
    const tried = receiver.arrived.length;
    await waitUntil('more attempts', () => receiver.arrived.length >= tried + 3, until);
    assert.ok(receiver.arrived.every(event => codeOf(event) === 'refused'));
    assert.equal(await hub.parkedRows(id), 30);
    receiver.behave(() => 204);
    await hub.settled(id);
    assert.equal(receiver.taken.length, 40);
    assertInOrder(receiver.taken);
  });

  it('let a place move past an answer that does not come, and what was delivered behind it is done with', async () => {
    let ms = 0;
    await serve({ clock: { now: () => Date.now(), elapsed: () => ms } });
    const receiver = await receive();
    const { id, cursor } = await hub.subscribe(receiver.url);
    const answer = Promise.withResolvers<number>();
    receiver.behave(event => (codeOf(event) === 'slow' ? answer.promise : 204));
    await hub.facts(['slow']);
    await waitUntil('the slow one', () => receiver.arrived.length === 1, until);
    await hub.facts(people(300));
    await waitUntil('what lies behind it', async () => (await hub.attempts(id)) === 300, until);
    assert.equal((await hub.show(id)).cursor, cursor);
    ms = 1100;
    await hub.facts(people(300));
    await waitUntil('the place at the end', async () => (await hub.show(id)).lag === 0, until);
    assert.equal(await hub.parkedRows(id), 1);
    answer.resolve(204);
    await hub.settled(id);
    assert.equal(receiver.arrived.length, 601);
    assert.equal(await hub.parkedRows(id), 0);
  });
});

describe('A replay of a subscription with parked rows', function () {
  this.timeout(30_000);
  let hub: DeliveryHub;
  let receiver: Receiver;
  let id: string;
  let refuse = true;
  let slowLog = false;
  beforeEach(async () => {
    slowLog = false;
    hub = await serveWithLimits({ waitForLog: () => new Promise(go => setTimeout(go, slowLog ? 300 : 0)) });
    receiver = await startReceiver();
    refuse = true;
    receiver.behave(({ data }) =>
      refuse && (data.staff as { code: string }).code === 'refused' ? 500 : 204,
    );
    ({ id } = await hub.subscribe(receiver.url));
    for (let nr = 0; nr < 10; nr++) await hub.facts(['refused', ...people(5)]);
    await waitUntil('rows', async () => (await hub.parkedRows(id)) === 10, until);
    await waitUntil('the others', () => receiver.taken.length === 50, until);
  });
  afterEach(async () => {
    await receiver.stop();
    await hub.stop();
  });
  const replay = (body: object) => hub.ask('POST', `/subscriptions/${id}/replay`, { body });
  const timesTaken = () =>
    [...Map.groupBy(receiver.taken, event => event.id).values()].map(all => all.length);

  it('reads them from the log again: each comes once, in its order among those of its subject', async () => {
    await replay({ from: 'beginning' });
    await waitUntil('the others again', () => receiver.taken.length === 100, until);
    await waitUntil('rows again', async () => (await hub.parkedRows(id)) === 10, until);
    refuse = false;
    await hub.settled(id);
    assert.deepEqual(timesTaken().toSorted(), [...Array(10).fill(1), ...Array(50).fill(2)]);
    assertInOrder(receiver.taken);
    assertInOrder(receiver.taken.slice(50));
  });

  it('of a stretch leaves those before and behind it as they are, however slowly the log is read', async () => {
    slowLog = true;
    const times = receiver.taken.map(({ body }) => (JSON.parse(body) as { time: string }).time).toSorted();
    await replay({ from: times[15]!, to: times[34]! });
    refuse = false;
    await hub.settled(id);
    const refused = receiver.taken.filter(({ data }) => (data.staff as { code: string }).code === 'refused');
    assert.deepEqual([...new Set(refused.map(event => event.sequence))], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assertInOrder(receiver.taken);
    assert.ok(receiver.taken.length < 100);
  });
});
