import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

export interface FlowsHub {
  hub: TestHub;
  /** Calls of the app `page`, in their order. */
  calls: AppCall[];
  /** While it is there the app does not answer. */
  holding: PromiseWithResolvers<void> | undefined;
  /** Deploys; the second time and later over what runs. */
  deploy(contents: FlowContents, credentials?: Record<string, unknown>): Promise<void>;
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
      'apps.list': async () => [{ ...app, id: 'flows' }] as never,
      'apps.get': async ({ id }) => ({ ...app, id, connector: id }) as never,
      'connectors.invoke': async call => {
        calls.push(call);
        await flows.holding?.promise;
        return { ok: true as const, result: { taken: calls.length }, durationMs: 1 };
      },
    },
  };
  const hub = await createTestHub([createFlows, createFlowRuntime], {
    started: false,
    stubs: [apps],
    config: { dataDir },
  });
  // A hub that runs something gets no library.
  const by = { author: 'staff/1', authorName: 'Nguyễn Văn Bình', message: 'test' };
  await hub.call('flows.deploy', { contents: [], credentials: {}, ...by });
  for (const part of hub.parts) await part.start?.();
  const flows: FlowsHub = {
    hub,
    calls,
    holding: undefined,
    async deploy(contents, credentials = {}) {
      const current = await hub.call('flows.current', { stage: 'sandbox' });
      await hub.call('flows.deploy', {
        ...(current === undefined ? {} : { base: current.version.number }),
        ...{ contents, credentials, ...by },
      });
    },
    async stop() {
      await hub.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return flows;
};
