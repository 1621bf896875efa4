import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Exchange } from '#schemas/provisioning.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';
import {
  movedSince,
  raisedOnce,
  registerByCode,
  waitForRegister,
  waitUntilInStep,
} from './follow-changes.ts';
import type { RunningHub } from './run-hub.ts';

describe('Apps that fail while the hub runs', function () {
  this.timeout(120_000);
  let embedded: EmbeddedHub;
  let hub: RunningHub;
  before(async () => {
    embedded = await embeddedHub();
    hub = embedded.hub;
  });

  /** What each app does to the hub. */
  const faults: Record<string, string> = {
    'operations-page': 'down',
    'document-system': 'error-page',
    directives: 'hang',
    portal: 'half',
  };
  const well = ['mail', 'hr'];

  it('do not delay the others, and catch up by themselves when they are well again', async () => {
    // So that an app that hangs costs seconds here, not a minute.
    const guard = { timeoutMs: 1000, breakMs: 1000 };
    for (const app of Object.keys(faults)) await hub.put(`/api/v1/apps/${app}`, { guard });
    for (const [app, mode] of Object.entries(faults)) await hub.fault(app, { mode });
    const before = await registerByCode(hub);
    const moved = await hub.act({ action: 'many', kind: 'move', count: 60 });
    const raised = await hub.act({ action: 'many', kind: 'raise', count: 60 });
    await waitForRegister(hub, moved.codes, movedSince(before), 15_000);
    await waitForRegister(hub, raised.codes, raisedOnce(before), 15_000);
    await waitUntilInStep(hub, embedded.planted, { apps: well, withinMs: 5000 });
    for (const app of Object.keys(faults))
      await waitUntil(
        `${app} to have failed`,
        async () => {
          const path = `/api/v1/messages?app=${app}&outcome=failed&limit=1`;
          return (await hub.get<{ items: Exchange[] }>(path)).items.length > 0;
        },
        { withinMs: 30_000 },
      );
    for (const app of Object.keys(faults)) await hub.fault(app, { mode: 'ok' });
    await waitUntilInStep(hub, embedded.planted);
    const { items } = await hub.get<{ items: unknown[] }>('/api/v1/dead-letters');
    assert.deepEqual(items, []);
  });

  it('the HR software, away for a while, loses no change', async () => {
    const before = await registerByCode(hub);
    const printedBefore = (await hub.printed()).length;
    await hub.fault('hr', { mode: 'down' });
    const { codes } = await hub.act({ action: 'many', kind: 'raise', count: 20 });
    await waitUntil(
      'the hub to have seen it',
      async () => /HR software cannot be read/.test((await hub.printed()).slice(printedBefore)),
      { withinMs: 30_000 },
    );
    await hub.fault('hr', { mode: 'ok' });
    await waitForRegister(hub, codes, raisedOnce(before));
    await waitUntilInStep(hub, embedded.planted);
  });

  it('a sender that repeats itself changes nothing the second time', async () => {
    const record = { name: 'Lê Thị Lặp Lại', code: '00777001', birthDate: '1990-01-02' };
    const body = JSON.stringify({
      records: [{ ...record, mainPosition: { unit: 'Huyện A Lưới', title: 'Chuyên viên' } }],
    });
    const push = async (key: string): Promise<{ status: number; outcome: string }> => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': `"${key}"` };
      const answer = await hub.ask('/api/v1/hr/records', { method: 'POST', headers, body });
      const { results } = (await answer.json()) as { results: { outcome: string }[] };
      return { status: answer.status, outcome: results[0]!.outcome };
    };
    assert.deepEqual(await push('one'), { status: 200, outcome: 'created' });
    assert.deepEqual(await push('one'), { status: 200, outcome: 'created' });
    assert.deepEqual(await push('two'), { status: 200, outcome: 'unchanged' });
    await waitUntilInStep(hub, embedded.planted);
  });
});
