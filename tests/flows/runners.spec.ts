import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { type FlowsHub, startFlows } from '#tests/flows/start-flows.ts';

const at = (id: string, type: string, more: object) => ({ id, type, z: 'f1', x: 100, y: 100, ...more });
const flow = [
  { id: 'f1', type: 'tab', label: 'Nhắn sang trang' },
  at('in', 'lienthong-event-in', { wires: [['call']], types: [], ordered: true, attempts: 3 }),
  at('call', 'lienthong-app-call', { wires: [['ack']], app: 'page', port: 'notices', method: 'send' }),
  at('ack', 'lienthong-acknowledge', { wires: [] }),
];

describe('Runners of flows', () => {
  let flows: FlowsHub;
  before(async function () {
    this.timeout(60_000);
    flows = await startFlows();
    await flows.deploy(flow);
  });
  after(() => flows.stop());

  const put = (message: Record<string, unknown>) =>
    flows.hub.call('flows.put', { stage: 'sandbox', flow: 'f1', node: 'in', id: randomUUID(), message });
  const left = async (): Promise<number> =>
    Number(
      (
        await sql<{
          count: string;
        }>`select count(*) from flow_message where state in ('ready', 'leased')`.execute(flows.hub.db)
      ).rows[0]!.count,
    );

  it('hand a message to its flow, call the app, and acknowledge', async function () {
    this.timeout(30_000);
    await put({ payload: { text: 'Xin chào' } });
    await waitUntil('the message is handled', async () => (await left()) === 0, { withinMs: 20_000 });
    assert.deepEqual(flows.calls.at(-1), {
      id: 'page',
      port: 'notices',
      method: 'send',
      input: { text: 'Xin chào' },
    });
  });
});
