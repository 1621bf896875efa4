import assert from 'node:assert/strict';
import type { FlowContents } from '#schemas/flow.ts';
import { drawNode } from '#tests/flows/draw-node.ts';
import { argumentOf, startWorking, type Working } from '#tests/flows/start-working.ts';
import { getToken } from '#tests/support/get-token.ts';

const run = (func: string) => ({ type: 'function', func, outputs: 1, libs: [] });
const soon = () => new Date(Date.now() + 1500).toISOString();
const inDays = (seconds: number) => seconds / 86_400;

/** Reads a number, adds one, and writes it: a flow of two nodes of state with one between. */
const drawCounter = (): FlowContents => {
  const [tab, input, read, ...rest] = drawNode('counter', {
    type: 'lienthong-state',
    operation: 'read',
    key: 'số',
  });
  const place = { z: 'counter', x: 100, y: 100 };
  return [
    ...[tab!, input!, { ...read!, wires: [['counter-add']] }, ...rest],
    {
      ...place,
      ...run('msg.payload = (msg.payload ?? 0) + 1; return msg;'),
      id: 'counter-add',
      wires: [['counter-write']],
    },
    {
      ...place,
      id: 'counter-write',
      type: 'lienthong-state',
      operation: 'write',
      key: 'số',
      wires: [['counter-out-0']],
    },
  ];
};

const contents: FlowContents = [
  ...drawNode('waits', { type: 'lienthong-wait', until: 'payload.due', untilType: 'msg' }),
  ...drawNode(
    'joins',
    { type: 'lienthong-correlate', key: 'payload.number', part: 'topic', count: 2, days: 7 },
    2,
  ),
  ...drawNode(
    'late',
    { type: 'lienthong-correlate', key: 'payload.number', part: 'topic', count: 2, days: inDays(1) },
    2,
  ),
  ...drawNode('once', { type: 'lienthong-once', key: 'payload.id' }, 2),
  ...drawCounter(),
  ...drawNode('reads', {
    ...{ type: 'lienthong-hub-command', method: 'GET', path: '/api/v1/staff/{id}' },
    parameters: { id: { value: 'payload.id', type: 'msg' } },
  }),
  ...drawNode('tells', {
    ...{ type: 'lienthong-notify', units: 'payload.unit', subject: 'Việc mới', subjectType: 'str' },
    ...{ text: 'payload.text', textType: 'msg' },
  }),
  ...drawNode('finds', { type: 'lienthong-unit', by: 'name', value: 'payload' }, 2),
];

describe('Nodes of flows, with the hub', function () {
  this.timeout(120_000);
  let working: Working;
  before(async () => {
    working = await startWorking(contents);
  });
  after(() => working.stop());

  it('wait until a moment, though the process that ran them was killed meanwhile', async () => {
    await working.put('waits', { payload: { due: soon(), text: 'giữ' } });
    await working.until('it waits', async () => (await working.states('waits')).done === 1);
    await working.killRunner();
    const [first] = await working.untilCame('waits', 1);
    const { due, text } = first!.message.payload as { due: string; text: string };
    assert.equal(text, 'giữ');
    assert.ok(Date.now() >= Date.parse(due));
    await working.until('both are handled', async () => (await working.states('waits')).done === 2);
  });

  it('bring together what belongs together, by name', async () => {
    await working.put('joins', { payload: { number: '12', of: 'a' }, topic: 'công văn' });
    await working.put('joins', { payload: { number: '13' }, topic: 'công văn' });
    await working.put('joins', { payload: { number: '12', of: 'b' }, topic: 'phúc đáp' });
    const [joined] = await working.untilCame('joins', 1);
    assert.equal(joined!.output, 0);
    const { payload, correlation } = joined!.message as Record<
      string,
      Record<string, { payload: { of: string } }>
    >;
    assert.equal(payload!['công văn']!.payload.of, 'a');
    assert.equal(payload!['phúc đáp']!.payload.of, 'b');
    assert.deepEqual(correlation, { key: '12', complete: true });
  });

  it('let what is not complete go on below when its time is up', async () => {
    await working.put('late', { payload: { number: '12' }, topic: 'công văn' });
    const [overdue] = await working.untilCame('late', 1);
    assert.equal(overdue!.output, 1);
    assert.deepEqual(overdue!.message.correlation, { key: '12', complete: false });
  });

  it('tell the first of a key from later ones', async () => {
    await working.put('once', { payload: { id: 'a', nr: 1 } });
    await working.untilCame('once', 1);
    await working.put('once', { payload: { id: 'a', nr: 2 } });
    const came = await working.untilCame('once', 2);
    assert.deepEqual(
      came.map(({ output, message }) => [output, (message.payload as { nr: number }).nr]),
      [
        [0, 1],
        [1, 2],
      ],
    );
  });

  it('never write over what another message has changed since it was read', async () => {
    await Promise.all(Array.from({ length: 8 }, () => working.put('counter', {})));
    await working.until('all are handled', async () => {
      const { done = 0, dead = 0 } = await working.states('counter');
      return done + dead === 8;
    });
    const { done } = await working.states('counter');
    const { value } = await working.signOn.hub.call('flows.read-state', {
      ...{ stage: 'sandbox', flow: 'counter', key: 'số' },
    });
    // Whoever came too late was tried again, or in the end given up: nothing was counted that is not there.
    assert.equal(value, done);
  });

  it('ask the hub’s own API with the rights of flows', async () => {
    const person = await working.signOn.hire('Trần Thị Bình', { password: null });
    await working.put('reads', { payload: { id: person.id } });
    const [answer] = await working.untilCame('reads', 1);
    assert.equal((answer!.message.payload as { name: string }).name, 'Trần Thị Bình');
  });

  it('tell everybody of a unit, and nobody else', async () => {
    const { hub, hire, unit } = working.signOn;
    const [code, other] = Object.keys(unit);
    const told = await hire('Lê Văn Cả', { password: null, unitCode: code! });
    const spared = await hire('Lê Thị Út', { password: null, unitCode: other! });
    const addresses = [told, spared].map(({ id }) => ({ staffId: id, email: `${id}@example.vn` }));
    await hub.call('staff.confirm-email', { addresses, source: 'test' } as never);
    await working.put('tells', { payload: { unit: unit[code!], text: 'Có văn bản mới' } });
    const [answer] = await working.untilCame('tells', 1);
    assert.deepEqual(answer!.message.payload, { told: 1, without: [] });
    const { input } = working.calls.find(({ port }) => port === 'notices')!;
    const { to, subject, text } = argumentOf(input);
    assert.deepEqual(
      { to, subject, text },
      { to: [`${told.id}@example.vn`], subject: 'Việc mới', text: 'Có văn bản mới' },
    );
  });

  it('find a unit by its name without accents, and tell when there is none', async () => {
    await working.put('finds', { payload: 'khong co don vi nay' });
    const [none] = await working.untilCame('finds', 1);
    assert.equal(none!.output, 1);
  });

  it('make dead letters that the API lists and replays', async () => {
    const token = await getToken(
      { call: working.signOn.hub.call, origin: working.signOn.origin },
      undefined,
      ['admin'],
    );
    const ask = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await fetch(`${working.signOn.origin}/api/v1/flows/dead-letters${path}`, {
        ...{ method, headers },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      return (await answer.json()) as {
        items: { id: string; fault: Record<string, string> }[];
        replayed: number;
      };
    };
    const id = await working.put('once', { payload: {} });
    await working.until('it is given up', async () => (await working.states('once')).dead === 1);
    const { items } = await ask('GET', '?flow=once');
    assert.equal(items.length, 1);
    const { fault } = items[0]!;
    assert.deepEqual(
      [items[0]!.id, fault.code, fault.node, fault.nodeName],
      [id, 'no-key', 'once-node', 'lienthong-once'],
    );
    assert.match(fault.text!, /msg\.payload\.id để trống/);
    assert.equal((await ask('POST', '/replay', { ids: [id] })).replayed, 1);
    await working.until(
      'it is given up again',
      async () => (await ask('GET', '?flow=once')).items.length === 1,
    );
  });
});
