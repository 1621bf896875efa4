import assert from 'node:assert/strict';
import { drawNode } from '#tests/flows/draw-node.ts';
import { startWorking, type Working } from '#tests/flows/start-working.ts';

const run = (func: string) => ({ type: 'function', func, outputs: 1, libs: [] });
/** A flow whose node leads to itself. */
const drawLoop = (id: string, func: string) =>
  drawNode(id, run(func)).map(node => (node.id === `${id}-node` ? { ...node, wires: [[node.id]] } : node));

describe('Flows that go round for ever', function () {
  this.timeout(120_000);
  let working: Working;
  before(async () => {
    working = await startWorking([
      ...drawLoop('loops', 'return msg;'),
      ...drawLoop('floods', 'return [[msg, RED.util.cloneMessage(msg)]];'),
      ...drawNode('goes-on', run('return msg;')),
    ]);
  });
  after(() => working.stop());

  for (const flow of ['loops', 'floods'])
    it(`are ended: one that ${flow} becomes a dead letter that says where, and the others go on`, async () => {
      const before = working.came('goes-on').length;
      await working.put('goes-on', {});
      await working.untilCame('goes-on', before + 1);
      const { runners } = await working.signOn.hub.call('flow-runtime.show', {});
      const id = await working.put(flow, {});
      await working.until('it is given up', async () => (await working.states(flow)).dead === 1);
      const { code, node } = await working.faultOf(id);
      assert.deepEqual({ code, node }, { code: 'flow-loop', node: `${flow}-node` });
      await working.put('goes-on', {});
      await working.untilCame('goes-on', before + 2);
      const after = await working.signOn.hub.call('flow-runtime.show', {});
      assert.deepEqual(after.runners, runners);
    });
});
