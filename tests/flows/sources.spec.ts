import assert from 'node:assert/strict';
import { sql } from 'kysely';
import createFlows from '#hub/flows/flows.service.ts';
import { nextTime } from '#hub/flows/sources/run-sources.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Part } from '#hub/platform/part.ts';
import type { FlowContents } from '#schemas/flow.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** What the app has: each change once, with its place. */
const changes = Array.from({ length: 250 }, (_, nr) => ({
  item: { externalId: `NV-${nr % 40}`, title: `Nhiệm vụ ${nr}` },
  cursor: String(nr + 1),
  at: '2026-11-29T00:00:00Z',
}));

const until = (what: string, isSo: () => Promise<boolean>) => waitUntil(what, isSo, { withinMs: 30_000 });

describe('Sources of flows', function () {
  this.timeout(60_000);
  let hub: TestHub;
  let away = false;
  const asked: (string | undefined)[] = [];
  const contents: FlowContents = [
    { id: 'f', type: 'tab', label: 'Nhiệm vụ' },
    {
      id: 'in',
      type: 'lienthong-changes-in',
      z: 'f',
      x: 1,
      y: 1,
      app: 'page',
      port: 'tasks',
      every: 1,
      wires: [],
    },
    { id: 'clock', type: 'lienthong-schedule-in', z: 'f', x: 1, y: 1, cron: '* * * * * *', wires: [] },
    { id: 'wrong', type: 'lienthong-schedule-in', z: 'f', x: 1, y: 1, cron: 'mỗi thứ hai', wires: [] },
  ];
  before(async () => {
    const apps: Part = {
      name: 'apps',
      actions: {
        'apps.list': async () => [{ id: 'flows' }] as never,
        'apps.get': async ({ id }) => ({ id, enabled: true, connector: id }) as never,
        async 'connectors.invoke'({ input }) {
          if (away)
            return {
              ok: false as const,
              code: 'unavailable',
              message: 'away',
              retryable: true,
              durationMs: 1,
            };
          const { after, limit } = input[0] as { after?: string; limit: number };
          asked.push(after);
          const items = changes.slice(Number(after ?? 0), Number(after ?? 0) + limit);
          return { ok: true as const, result: { items, more: items.length === limit }, durationMs: 1 };
        },
      },
    };
    hub = await createTestHub([createFlows], { stubs: [apps] });
    await hub.call('flows.deploy', {
      contents,
      credentials: {},
      author: 'staff/1',
      authorName: 'Bình',
      message: '',
    });
  });
  after(() => hub.stop());
  const taken = async (node: string): Promise<Record<string, string>[]> =>
    (
      await sql<Record<string, string>>`select key, message->'payload'->>'title' as title from flow_message
        where node = ${node} order by sequence`.execute(hub.db)
    ).rows;

  it('bring every change of an app once, in its order, page by page', async () => {
    await until('all are taken', async () => (await taken('in')).length >= 250);
    assert.deepEqual(
      (await taken('in')).map(({ title }) => title),
      changes.map(({ item }) => item.title),
    );
    assert.equal((await taken('in'))[0]!.key, 'page/tasks/NV-0');
  });

  it('go on from their place when the app was away, and tell why nothing came', async () => {
    away = true;
    const fault = async () =>
      (
        await sql<{
          fault: { code: string } | null;
        }>`select fault from flow_source where node = 'in'`.execute(hub.db)
      ).rows[0]!.fault;
    await until('it failed', async () => (await fault())?.code === 'flow-call-failed');
    away = false;
    changes.push({ item: { externalId: 'NV-1', title: 'Mới' }, cursor: '251', at: '2026-11-29T00:00:00Z' });
    await sql`update flow_source set next_at = now()`.execute(hub.db);
    await until('the new one is taken', async () => (await taken('in')).length === 251);
    assert.equal((await taken('in')).at(-1)!.title, 'Mới');
  });

  it('let the clock bring one message for each time', async () => {
    await until('two times came', async () => (await taken('clock')).length >= 2);
  });

  it('tell a schedule that is none at its node', async () => {
    const { rows } = await sql<{
      fault: { code: string };
    }>`select fault from flow_source where node = 'wrong'`.execute(hub.db);
    assert.equal(rows[0]!.fault.code, 'invalid-request');
  });

  it('know the times in Vietnam', () => {
    assert.equal(
      nextTime('0 7 * * 1', new Date('2026-11-29T12:00:00Z')).toISOString(),
      '2026-11-30T00:00:00.000Z',
    );
  });
});
