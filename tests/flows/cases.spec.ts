import assert from 'node:assert/strict';
import { runCases } from '#flows/cases/run-cases.ts';
import { createLog } from '#hub/platform/log.ts';
import type { FlowCase, FlowCaseResult } from '#schemas/flow-case.ts';
import { drawFlow } from '#tests/flows/draw-flow.ts';

const callPage = { type: 'lienthong-app-call', app: 'page', port: 'notices', method: 'send', name: 'Nhắn' };
const contents = [
  ...drawFlow('a', callPage),
  ...drawFlow('asks', { type: 'http request', method: 'GET', url: 'http://127.0.0.1:1/', ret: 'txt' }),
];
const input = { node: 'a-in', message: { payload: { to: ['binh'], text: 'Xin chào' } } };
const told = { command: 'app.call', input: { app: 'page', method: 'send', input: { text: 'Xin chào' } } };

describe('Cases of flows', function () {
  this.timeout(60_000);
  const cases: FlowCase[] = [
    { name: 'passes', in: input, calls: [told], ends: 'acknowledged' },
    {
      name: 'another text',
      in: input,
      calls: [{ command: 'app.call', input: { input: { text: 'Chào' } } }],
      ends: 'acknowledged',
    },
    { name: 'nothing called', in: input, calls: [], ends: 'acknowledged' },
    {
      name: 'the app refuses',
      in: input,
      stubs: [{ command: 'app.call', refuse: { code: 'flow-call-failed', message: 'Trang không trả lời' } }],
      calls: [told],
      ends: 'failed',
    },
    { name: 'no such node', in: { node: 'không có', message: {} }, calls: [], ends: 'acknowledged' },
  ];
  let results: FlowCaseResult[];
  const of = (name: string): FlowCaseResult => results.find(result => result.name === name)!;
  before(async () => {
    const refuse = async (): Promise<never> => {
      throw new Error('a case asked the hub');
    };
    results = await runCases({ call: refuse as never, log: createLog('silent') }, contents, [
      { flow: 'a', cases },
      {
        flow: 'asks',
        cases: [
          {
            name: 'the network',
            in: { node: 'asks-in', message: {} },
            calls: [{ command: 'http.request', input: { method: 'GET' } }],
            ends: 'acknowledged',
          },
        ],
      },
    ]);
  });

  it('pass when the flow did what they expect', () => {
    assert.deepEqual(of('passes').faults, []);
  });
  it('tell what was expected and what came', () => {
    assert.match(
      of('another text').faults.join(),
      /should be app\.call .*Chào.* it was app\.call .*Xin chào/,
    );
  });
  it('fail on a call that nobody expected', () => {
    assert.match(of('nothing called').faults.join(), /Nobody expected app\.call/);
  });
  it('play an app that refuses: the message fails at the node that called it', () => {
    assert.deepEqual(of('the app refuses').faults, []);
  });
  it('name a node that the flow does not have', () => {
    assert.match(of('no such node').faults.join(), /no node "không có"/);
  });
  it('reach no network: the node that would is played', () => {
    assert.deepEqual(of('the network').faults, []);
  });
});
