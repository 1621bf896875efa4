import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { drawFlow } from '#tests/flows/draw-flow.ts';
import { type FlowsHub, startFlows } from '#tests/flows/start-flows.ts';

const callPage = { type: 'lienthong-app-call', app: 'page', port: 'notices', method: 'send' };
const run = (func: string) => ({ type: 'function', func, outputs: 1, libs: [] });

describe('Runners of flows', function () {
  this.timeout(60_000);
  let flows: FlowsHub;
  before(async () => {
    flows = await startFlows();
    await flows.deploy([
      ...drawFlow('a', callPage),
      ...drawFlow('throws', run('throw new Error("không đọc được");')),
      ...drawFlow('silent', { type: 'switch', property: 'payload', rules: [], outputs: 0 }),
    ]);
  });
  after(() => flows.stop());

  const put = (to: string, payload: unknown, key?: string) =>
    flows.hub.call('flows.put', {
      stage: 'sandbox',
      flow: to,
      node: `${to}-in`,
      id: randomUUID(),
      message: { payload },
      ...(key === undefined ? {} : { key }),
    });
  const states = async (of: string): Promise<Record<string, number>> => {
    const { rows } = await sql<{ state: string; count: number }>`
      select state, count(*)::int as count from flow_message where flow = ${of} group by state`.execute(
      flows.hub.db,
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  };
  const until = (title: string, isSo: () => Promise<boolean>) => waitUntil(title, isSo, { withinMs: 50_000 });
  const show = () => flows.hub.call('flow-runtime.show', {});

  it('hand a message to its flow, call the app, and acknowledge', async () => {
    await put('a', { text: 'Xin chào' });
    await until('the message is handled', async () => (await states('a')).done === 1);
    assert.deepEqual(flows.calls.at(-1), {
      id: 'page',
      port: 'notices',
      method: 'send',
      input: [{ text: 'Xin chào' }],
    });
  });

  it('keep messages of one key in their order, and call once for each', async () => {
    flows.calls.length = 0;
    for (let nr = 0; nr < 20; nr += 1) await put('a', { nr }, 'staff/1');
    await until('all are handled', async () => (await states('a')).done === 21);
    assert.deepEqual(
      flows.calls.map(({ input }) => (input as [{ nr: number }])[0].nr),
      Array.from({ length: 20 }, (_, nr) => nr),
    );
  });

  it('that are killed in the middle of 1,000 messages give them back: each is done once in effect', async () => {
    flows.calls.length = 0;
    await Promise.all(Array.from({ length: 1000 }, (_, nr) => put('a', { nr })));
    await until('some are handled', async () => flows.calls.length > 200);
    for (const { pid } of (await show()).runners) process.kill(pid, 'SIGKILL');
    await until('all are handled', async () => (await states('a')).done === 1021);
    const told = flows.calls.map(({ input }) => (input as [{ nr: number }])[0].nr);
    assert.equal(new Set(told).size, 1000);
    // The hub lived on, so what a dead runner had asked for was noted: nothing is asked twice.
    assert.equal(told.length, 1000);
  });

  it('finish what is under way when a new version is deployed, and then leave', async () => {
    flows.calls.length = 0;
    flows.holding = Promise.withResolvers();
    const id = randomUUID();
    await flows.hub.call('flows.put', {
      stage: 'sandbox',
      flow: 'a',
      node: 'a-in',
      id,
      message: { payload: 'lúc đổi' },
    });
    await until('the app is asked', async () => flows.calls.length === 1);
    const before = (await show()).runners.map(({ pid }) => pid);
    await flows.deploy([
      ...drawFlow('a', { ...callPage, name: 'đổi tên' }),
      ...drawFlow('throws', run('throw new Error("không đọc được");')),
    ]);
    await until('the new version runs', async () =>
      (await show()).runners.some(({ pid }) => !before.includes(pid)),
    );
    flows.holding.resolve();
    flows.holding = undefined;
    await until('the old ones are gone', async () =>
      (await show()).runners.every(({ pid }) => !before.includes(pid)),
    );
    const { rows } = await sql<{ state: string; tries: number }>`
      select state, tries from flow_message where id = ${id}`.execute(flows.hub.db);
    assert.deepEqual(rows, [{ state: 'done', tries: 1 }]);
    assert.equal(flows.calls.length, 1);
  });

  it('make a dead letter of what fails again and again, with the node and its reason, and go on', async () => {
    await put('throws', { a: 1 });
    await until('it is given up', async () => (await states('throws')).dead === 1);
    const { rows } = await sql<{ fault: Record<string, string>; tries: number }>`
      select fault, tries from flow_message where flow = 'throws'`.execute(flows.hub.db);
    assert.equal(rows[0]!.tries, 3);
    assert.match(rows[0]!.fault.text!, /không đọc được/);
    assert.equal(rows[0]!.fault.node, 'throws-middle');
  });

  it('set a flow apart that ends their process, stop it in the end, and let the others go on', async () => {
    await flows.deploy([
      ...drawFlow('a', callPage),
      ...drawFlow('kills', run('Promise.reject(new Error("boom")); return msg;')),
    ]);
    const before = (await states('a')).done ?? 0;
    await put('kills', 1);
    await until('it is stopped', async () => {
      await put('kills', 2);
      return (await show()).stopped.includes('kills');
    });
    await put('a', { still: true });
    await until('the other flow goes on', async () => ((await states('a')).done ?? 0) > before);
    assert.ok((await show()).runners.every(({ flows: run }) => !run.includes('kills')));
  });

  it('are ended when a flow blocks them for ever, and the others go on', async () => {
    // In a JSONata expression no function's time limit holds.
    const endless = '($f := function($n) { $f($n + 1) }; $f(1))';
    const rule = { t: 'set', p: 'payload', pt: 'msg', to: endless, tot: 'jsonata' };
    const [tab, input, ...rest] = drawFlow('blocks', { type: 'change', rules: [rule] });
    await flows.deploy([...drawFlow('a', callPage), tab!, { ...input!, attempts: 1 }, ...rest]);
    const before = (await states('a')).done ?? 0;
    await put('blocks', 1);
    await until('it is given up', async () => (await states('blocks')).dead === 1);
    await put('a', { still: true });
    await until('the other flow goes on', async () => ((await states('a')).done ?? 0) > before);
  });

  it('run flows whose credentials cannot be read, as far as they need none', async () => {
    await flows.deploy([...drawFlow('a', callPage)], { $: 'not of this key' });
    const before = (await states('a')).done ?? 0;
    await put('a', { still: true });
    await until('the flow goes on', async () => ((await states('a')).done ?? 0) > before);
  });

  it('live through a flow that eats memory or time, and its message is a dead letter in the end', async () => {
    await flows.deploy([
      ...drawFlow('a', callPage),
      ...drawFlow('hogs', run('const all = []; for (;;) all.push(new Array(1e5).fill(1));')),
    ]);
    const before = (await states('a')).done ?? 0;
    await put('hogs', 1);
    await until('it is given up', async () => (await states('hogs')).dead === 1);
    await put('a', { still: true });
    await until('the other flow goes on', async () => ((await states('a')).done ?? 0) > before);
  });
});
