import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import createFlowRuntime from '#flows/flows.service.ts';
import { readLibrary } from '#flows/library/read-library.ts';
import createApps from '#hub/apps/apps.service.ts';
import createConnectors from '#hub/connectors/connectors.service.ts';
import createFlows from '#hub/flows/flows.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { StartedForContract } from '#sandbox/kit/started-for-contract.ts';
import { startSandbox } from '#tests/connectors/start-sandbox.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** What an app tells of one thing: `cursor` is another one after each change. */
export interface Told<T> {
  item: T;
  cursor: string;
}
export interface FlowAtWork {
  hub: TestHub;
  apps: Record<string, StartedForContract>;
  ask<T>(app: string, port: string, method: string, input: object): Promise<T>;
  list<T>(app: string, port: string): Promise<Told<T>[]>;
  until(what: string, probe: () => Promise<boolean>): Promise<void>;
  /** Waits until the flow has read all that the apps tell, and has handled it: whatever it does to them then, it does for ever. */
  rest(): Promise<void>;
  stop(): Promise<void>;
}

/** One flow of the library at work in a runner, over real connectors, with the sandbox's apps. It looks at apps every second. */
export const startWithApps = async (flow: string, ids: readonly string[]): Promise<FlowAtWork> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-flow-'));
  const apps: Record<string, StartedForContract> = {};
  for (const id of ids) apps[id] = await startSandbox(id);
  const parts = [createApps, createConnectors, createFlows, createFlowRuntime];
  const hub = await createTestHub(parts, { config: { dataDir } });
  for (const [id, { settings }] of Object.entries(apps))
    await hub.call('apps.put', {
      app: {
        ...{ id, name: id, owner: 'TT CNTT', connector: id, enabled: true, settings },
        entitlement: { purpose: 'Liên thông', attributes: [] },
      },
      actor: 'test',
    });
  const until: FlowAtWork['until'] = async (what, probe) => {
    await waitUntil(what, probe, { withinMs: 40_000 });
  };
  await until('connectors', async () => (await hub.call('connectors.list', {})).length === ids.length);
  const contents = readLibrary()
    .find(({ id }) => id === flow)!
    .contents.map(node => (node.type === 'lienthong-changes-in' ? { ...node, every: 1 } : node));
  // A new hub has the whole library first; here one flow of it is enough.
  const first = () => hub.call('flows.current', { stage: 'sandbox' });
  await until('the library is there', async () => (await first()) !== undefined);
  await hub.call('flows.deploy', {
    base: (await first())!.version.number,
    ...{ contents, credentials: {}, author: 'system', authorName: 'Liên Thông', message: 'test' },
  });
  // The library's own sources had looked already, and would wait for their next time.
  await sql`update flow_source set next_at = clock_timestamp()`.execute(hub.db);
  const ask: FlowAtWork['ask'] = async (id, port, method, input) => {
    const answer = await hub.call('connectors.invoke', { id, port, method, input: [input] });
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.result as never;
  };
  const list: FlowAtWork['list'] = async (app, port) => {
    const { items } = await ask<{ items: Told<never>[] }>(app, port, 'list', { limit: 500 });
    return items.map(({ item, cursor }) => ({ item, cursor }));
  };
  const sources = contents.filter(({ type }) => type === 'lienthong-changes-in');
  const isRead = async ({ id, app, port }: (typeof sources)[number]): Promise<boolean> => {
    const { rows } = await sql<{ cursor: string }>`select cursor from flow_source where node = ${id}`.execute(
      hub.db,
    );
    return rows[0]?.cursor === (await list(String(app), String(port))).at(-1)?.cursor;
  };
  const isHandled = async (): Promise<boolean> =>
    (await sql`select 1 from flow_message where state in ('ready', 'leased')`.execute(hub.db)).rows.length ===
    0;
  return {
    hub,
    apps,
    ask,
    list,
    until,
    rest: () =>
      until('the flow is at rest', async () => {
        if (!(await isHandled())) return false;
        return (await Promise.all(sources.map(isRead))).every(Boolean) && isHandled();
      }),
    async stop() {
      await hub.stop();
      for (const { app } of Object.values(apps)) await app.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
