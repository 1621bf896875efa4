import assert from 'node:assert/strict';
import { runCases } from '#flows/cases/run-cases.ts';
import { createLog } from '#hub/platform/log.ts';
import type { FlowContents, FlowNode } from '#schemas/flow.ts';
import type { FlowCaseResult } from '#schemas/flow-case.ts';

/** A flow whose message loses its loan on the way to a node, and has it again for the dead letter. */
const drawLost = (id: string, node: Record<string, unknown>): FlowContents => {
  const place = { z: id, x: 100, y: 100 };
  const run = (func: string) => ({ ...place, type: 'function', func, outputs: 1, libs: [] });
  return [
    { id, type: 'tab', label: id },
    { ...place, id: `${id}-in`, type: 'lienthong-event-in', types: [], wires: [[`${id}-lose`]] },
    {
      ...run('return { payload: 1, topic: "t", kept: msg._lienthong };'),
      id: `${id}-lose`,
      wires: [[`${id}-node`]],
    },
    { ...place, ...node, id: `${id}-node`, name: 'Nút thử', wires: [[]] },
    { ...place, id: `${id}-catch`, type: 'catch', scope: null, wires: [[`${id}-find`]] },
    { ...run('msg._lienthong = msg.kept; return msg;'), id: `${id}-find`, wires: [[`${id}-dead`]] },
    { ...place, id: `${id}-dead`, type: 'lienthong-dead-letter', wires: [] },
  ] as FlowNode[];
};

const nodes: Record<string, Record<string, unknown>> = {
  acknowledge: {},
  'dead-letter': {},
  'app-call': { app: 'page', port: 'tasks', method: 'upsert' },
  'hub-command': { method: 'GET', path: '/api/v1/staff' },
  sign: {},
  notify: { staff: 'payload', subject: 'topic', text: 'payload' },
  wait: {},
  correlate: { key: 'payload' },
  once: { key: 'payload' },
};

describe('A message that lost what the hub knows it by', function () {
  this.timeout(60_000);
  let results: FlowCaseResult[];
  before(async () => {
    const refuse = async (): Promise<never> => {
      throw new Error('a node asked the real hub');
    };
    results = await runCases(
      { call: refuse as never, log: createLog('silent') },
      Object.entries(nodes).flatMap(([type, more]) => drawLost(type, { ...more, type: `lienthong-${type}` })),
      Object.keys(nodes).map(flow => ({
        flow,
        cases: [{ name: flow, in: { node: `${flow}-in`, message: {} }, calls: [], ends: 'acknowledged' }],
      })),
    );
  });
  for (const [at, type] of Object.keys(nodes).entries())
    it(`is refused by ${type}, which says how a flow must begin, and asks nothing`, () => {
      const { ended, calls, faults } = results[at]!;
      assert.deepEqual({ ended, calls }, { ended: 'dead-letter', calls: [] });
      assert.match(faults.join(), /Nút thử: Thông điệp này không do trục giao/);
    });
});
