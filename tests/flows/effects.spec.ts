import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import createFlows from '#hub/flows/flows.service.ts';
import type { Part } from '#hub/platform/part.ts';
import type { LeasedMessage } from '#schemas/flow.ts';
import { drawFlow } from '#tests/flows/draw-flow.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('What a message of a flow does to the world', () => {
  let hub: TestHub;
  let calls = 0;
  let holding: PromiseWithResolvers<void> | undefined;
  let fails = false;
  const playApps = (): Part => ({
    name: 'apps',
    actions: {
      'apps.list': async () => [{ id: 'flows' }] as never,
      'apps.get': async ({ id }) => ({ id, enabled: true, connector: id }) as never,
      async 'connectors.invoke'() {
        calls += 1;
        await holding?.promise;
        if (fails)
          return { ok: false as const, code: 'refused', message: 'không', retryable: false, durationMs: 1 };
        return { ok: true as const, result: { nr: calls }, durationMs: 1 };
      },
    },
  });
  before(async () => {
    hub = await createTestHub([createFlows], { stubs: [playApps()] });
    const by = { author: 'staff/1', authorName: 'Bình', message: '' };
    await hub.call('flows.deploy', { contents: drawFlow('a', { type: 'debug' }), credentials: {}, ...by });
  });
  after(() => hub.stop());
  beforeEach(() => {
    calls = 0;
    fails = false;
    holding = undefined;
  });

  const claim = async (runner: string): Promise<LeasedMessage> => {
    const [message] = await hub.call('flows.claim', {
      stage: 'sandbox',
      runner,
      flows: ['a'],
      limit: 1,
      seconds: 30,
    });
    return message!;
  };
  const put = () =>
    hub.call('flows.put', { stage: 'sandbox', flow: 'a', node: 'a-in', id: randomUUID(), message: {} });
  const call = ({ id, lease }: LeasedMessage, command = 'app.call', port = 'tasks') =>
    hub.call('flows.effect', {
      id,
      lease,
      key: 'node/1/0',
      command,
      input: { app: 'page', port, method: 'upsert', input: {} },
    });

  it('is done once: a repeat is told the first answer', async () => {
    await put();
    const message = await claim('one');
    assert.deepEqual(await call(message), { answer: { nr: 1 }, repeated: false });
    await hub.call('flows.release', { runner: 'one', crashed: true });
    const again = await claim('two');
    assert.equal(again.id, message.id);
    assert.deepEqual(await call(again), { answer: { nr: 1 }, repeated: true });
    await hub.call('flows.settle', { loans: [again] });
  });

  it('is done once when the runner dies while it is under way', async () => {
    await put();
    holding = Promise.withResolvers();
    const first = call(await claim('one'));
    await hub.call('flows.release', { runner: 'one', crashed: true });
    const again = await claim('two');
    const second = call(again);
    holding.resolve();
    assert.deepEqual((await first).answer, { nr: 1 });
    assert.deepEqual(await second, { answer: { nr: 1 }, repeated: true });
    assert.equal(calls, 1);
    await hub.call('flows.settle', { loans: [again] });
  });

  it('goes on at once when a hub that works alone was killed in the middle of it', async () => {
    await put();
    holding = Promise.withResolvers();
    const lost = call(await claim('one'));
    const next = await createTestHub([createFlows], {
      databaseUrl: hub.databaseUrl,
      config: { databaseUrl: undefined },
      stubs: [playApps()],
    });
    try {
      const [again] = await next.call('flows.claim', {
        ...{ stage: 'sandbox', runner: 'two', flows: ['a'], limit: 1, seconds: 30 },
      });
      holding.resolve();
      const { id, lease } = again!;
      const input = { app: 'page', port: 'tasks', method: 'upsert', input: {} };
      const done = await next.call('flows.effect', {
        id,
        lease,
        key: 'node/1/0',
        command: 'app.call',
        input,
      });
      assert.equal(done.repeated, false);
      await next.call('flows.settle', { loans: [again!] });
    } finally {
      await lost.catch(() => {});
      await next.stop();
    }
  });

  it('becomes a case of what came in, what was done and what was answered, with the person made up', async () => {
    const id = randomUUID();
    const payload = { staff: { name: 'Trần Thị Hoà', email: 'hoatt@tinh.gov.vn' } };
    await hub.call('flows.put', { stage: 'sandbox', flow: 'a', node: 'a-in', id, message: { payload } });
    const message = await claim('one');
    const input = {
      app: 'page',
      port: 'tasks',
      method: 'upsert',
      input: { title: 'Việc', to: 'hoatt@tinh.gov.vn' },
    };
    await hub.call('flows.effect', { ...message, key: 'n/1/0', command: 'app.call', input });
    await hub.call('flows.settle', { loans: [message] });
    const { flow, given } = await hub.call('flows.record-case', {
      ...{ messageId: id, name: 'Từ tin thật', actor: 'staff/1' },
    });
    assert.equal(flow, 'a');
    assert.deepEqual(
      [given.in.node, given.ends, given.calls[0]!.command],
      ['a-in', 'acknowledged', 'app.call'],
    );
    assert.deepEqual(given.stubs![0]!.answer, { nr: 1 });
    assert.doesNotMatch(JSON.stringify(given), /Hoà|hoatt/);
    assert.deepEqual((await hub.call('flows.cases', { flows: ['a'] }))[0]!.given, given);
  });

  it('is done again after it was refused', async () => {
    await put();
    const message = await claim('one');
    fails = true;
    await assert.rejects(call(message), { code: 'flow-call-failed' });
    fails = false;
    assert.equal((await call(message)).repeated, false);
    await hub.call('flows.settle', { loans: [message] });
  });

  it('is not done by who has lost the message, nor by a command that flows may not give', async () => {
    await put();
    const message = await claim('one');
    await assert.rejects(call(message, 'staff.apply'), { code: 'flow-command-forbidden' });
    await assert.rejects(call(message, 'app.call', 'signer'), { code: 'flow-command-forbidden' });
    await hub.call('flows.release', { runner: 'one', crashed: true });
    await assert.rejects(call(message), { code: 'flow-lease-lost' });
    assert.equal(calls, 0);
  });
});
