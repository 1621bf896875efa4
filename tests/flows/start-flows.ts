import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import createFlowRuntime from '#flows/flows.service.ts';
import createFlows from '#hub/flows/flows.service.ts';
import type { Part } from '#hub/platform/part.ts';
import type { FlowContents } from '#schemas/flow.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** What an app was asked, as a flow's `app-call` does it. */
export interface AppCall {
  id: string;
  port: string;
  method: string;
  input: unknown;
}

interface InputNode {
  id: string;
  type: string;
  z: string;
  types?: string[];
  ordered?: boolean;
  attempts?: number;
}

export interface FlowsHub {
  hub: TestHub;
  /** Calls of the app `page`, in their order. */
  calls: AppCall[];
  /** Deploys; the second time and later over what runs. */
  deploy(contents: FlowContents): Promise<void>;
  stop(): Promise<void>;
}

/** Flows on a real database with real processes of Node-RED, and an app `page` that is played. */
export const startFlows = async (): Promise<FlowsHub> => {
  const calls: AppCall[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-flows-'));
  const entitlement = { purpose: 'test', attributes: ['username', 'email'] };
  const app = { name: 'Page', owner: 'IT', enabled: true, entitlement, mapping: {}, guard: {}, settings: {} };
  const apps: Part = {
    name: 'apps',
    actions: {
      'flows.current': async () => {
        const { rows } = await sql<{ number: number; contents: FlowContents }>`
          select number, contents from flow_version join flow_stage on version = number`.execute(hub.db);
        const [row] = rows;
        return row && { version: { number: row.number } as never, contents: row.contents, credentials: {} };
      },
      'apps.list': async () => [{ ...app, id: 'flows' }] as never,
      'apps.get': async ({ id }) => ({ ...app, id, connector: id }) as never,
      'connectors.invoke': async call => {
        calls.push(call);
        return { ok: true as const, result: { taken: calls.length }, durationMs: 1 };
      },
    },
  };
  const hub = await createTestHub([createFlows, createFlowRuntime], { stubs: [apps], config: { dataDir } });
  return {
    hub,
    calls,
    async deploy(contents) {
      await sql`with version as (
          insert into flow_version (contents, credentials, author, author_name, message)
          values (${JSON.stringify(contents)}::jsonb, '{}', 'staff/1', 'Nguyễn Văn Bình', 'test') returning number)
        insert into flow_stage (stage, version, changed_by) select 'sandbox', number, 'staff/1' from version
        on conflict (stage) do update set version = excluded.version`.execute(hub.db);
      for (const {
        id,
        z,
        type,
        types = [],
        ordered = true,
        attempts = 3,
      } of contents as unknown as InputNode[])
        if (type === 'lienthong-event-in')
          await sql`insert into flow_input (stage, flow, node, types, ordered, attempts, active, xid, position)
            values ('sandbox', ${z}, ${id}, ${types}::text[], ${ordered}, ${attempts}, true, '0', 0)
            on conflict do nothing`.execute(hub.db);
      hub.context.wake.notify('flow-versions');
    },
    async stop() {
      await hub.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
