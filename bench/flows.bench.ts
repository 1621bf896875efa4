import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Agent, request } from 'undici';
import { type Figure, figure, round } from '#bench/support/figure.ts';
import createFlowRuntime from '#flows/flows.service.ts';
import { startEditor } from '#flows/supervise/start-editor.ts';
import createFlows from '#hub/flows/flows.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Part } from '#hub/platform/part.ts';
import type { FlowContents } from '#schemas/flow.ts';
import { stopTestServices } from '#tests/support/services.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

const agent = new Agent({ connections: 64, pipelining: 1 });
const post = async (url: string, body: unknown): Promise<void> => {
  const response = await request(url, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await response.body.dump();
};

/** The app that both call. */
const startApp = async (): Promise<{ url: string; count(): number; stop(): void }> => {
  let calls = 0;
  const server = createServer((incoming, answer) => {
    incoming.resume().on('end', () => {
      calls += 1;
      answer.writeHead(200, { 'content-type': 'application/json' }).end('{"taken":true}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    count: () => calls,
    stop: () => void server.close(),
  };
};

const flow: FlowContents = [
  { id: 'f', type: 'tab', label: 'Gọi ứng dụng' },
  {
    id: 'in',
    type: 'lienthong-event-in',
    z: 'f',
    x: 1,
    y: 1,
    types: [],
    ordered: false,
    attempts: 3,
    wires: [['call']],
  },
  {
    id: 'call',
    type: 'lienthong-app-call',
    z: 'f',
    x: 1,
    y: 1,
    app: 'page',
    port: 'notices',
    method: 'send',
    wires: [['ack']],
  },
  { id: 'ack', type: 'lienthong-acknowledge', z: 'f', x: 1, y: 1, wires: [] },
  { id: 'w', type: 'tab', label: 'Chờ' },
  {
    id: 'w-in',
    type: 'lienthong-event-in',
    z: 'w',
    x: 1,
    y: 1,
    types: [],
    ordered: false,
    attempts: 3,
    wires: [['wait']],
  },
  { id: 'wait', type: 'lienthong-wait', z: 'w', x: 1, y: 1, amount: 3, unit: 'days', wires: [['w-ack']] },
  { id: 'w-ack', type: 'lienthong-acknowledge', z: 'w', x: 1, y: 1, wires: [] },
];

const startHub = async (dataDir: string, app: string): Promise<TestHub> => {
  const entitlement = { purpose: 'bench', attributes: [] };
  const known = {
    name: 'Page',
    owner: 'IT',
    enabled: true,
    entitlement,
    mapping: {},
    guard: {},
    settings: {},
  };
  const apps: Part = {
    name: 'apps',
    actions: {
      'apps.list': async () => [{ ...known, id: 'flows' }] as never,
      'apps.get': async ({ id }) => ({ ...known, id, connector: id }) as never,
      async 'connectors.invoke'({ input }) {
        await post(app, input);
        return { ok: true as const, result: { taken: true }, durationMs: 1 };
      },
    },
  };
  const hub = await createTestHub([createFlows, createFlowRuntime], {
    started: false,
    stubs: [apps],
    config: { dataDir },
  });
  const by = { author: 'staff/bench', authorName: 'Bench', message: '' };
  // A hub that runs something gets no library.
  await hub.call('flows.deploy', { contents: flow, credentials: {}, ...by });
  const runs = async (): Promise<boolean> => {
    const { runners } = await hub.call('flow-runtime.show', {});
    return runners.length > 0 && runners.every(({ flows }) => flows.includes('f'));
  };
  for (const part of hub.parts) await part.start?.();
  await waitUntil('the flows run', runs, { withinMs: 60_000 });
  return hub;
};

const put = (hub: TestHub, to: string, node: string, count: number): Promise<unknown> =>
  Promise.all(
    Array.from({ length: count }, () =>
      hub.call('flows.put', {
        stage: 'sandbox',
        flow: to,
        node,
        id: randomUUID(),
        message: { payload: { a: 1 } },
      }),
    ),
  );
const open = async (hub: TestHub, of: string): Promise<number> =>
  Number(
    (
      await sql<{ count: string }>`select count(*) from flow_message where flow = ${of} and state <> 'done'
        and due_at <= now()`.execute(hub.db)
    ).rows[0]!.count,
  );
const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

/** Messages a second that are there already, from the first claim until all are acknowledged. */
const withGuarantee = async (hub: TestHub, app: { count(): number }, count: number): Promise<number> => {
  const before = app.count();
  await put(hub, 'f', 'in', count);
  const already = app.count() - before;
  const began = performance.now();
  await waitUntil('all are handled', async () => (await open(hub, 'f')) === 0, {
    withinMs: 300_000,
    everyMs: 20,
  });
  return (count - already) / ((performance.now() - began) / 1000);
};

const withoutAny = async (plain: string, count: number): Promise<number> => {
  const began = performance.now();
  let left = count;
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      while (left-- > 0) await post(`${plain}/in`, { a: 1 });
    }),
  );
  return count / ((performance.now() - began) / 1000);
};

const startPlain = async (app: string): Promise<{ child: ChildProcess; url: string }> => {
  const child = fork(join(import.meta.dirname, 'support', 'plain-node-red.ts'), [app], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, url: `http://127.0.0.1:${port}` };
};

/** Seconds from its start until the editor listens, with nothing kept from an earlier one. */
const editorReady = async (hub: TestHub): Promise<number> => {
  const began = performance.now();
  const editor = startEditor(hub.context);
  try {
    await waitUntil('the editor listens', async () => editor.socketPath() !== undefined, {
      ...{ withinMs: 60_000, everyMs: 10 },
    });
    return (performance.now() - began) / 1000;
  } finally {
    await editor.stop();
  }
};

/** Flows with the hub's guarantees against Node-RED's own http nodes, and what waiting costs. */
export const run = async (count: number): Promise<Figure[]> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-bench-'));
  const app = await startApp();
  const hub = await startHub(dataDir, app.url);
  const plain = await startPlain(app.url);
  try {
    await withGuarantee(hub, app, 500);
    await withoutAny(plain.url, 500);
    const ours = await withGuarantee(hub, app, count);
    const theirs = await withoutAny(plain.url, count);
    const { pid } = (await hub.call('flow-runtime.show', {})).runners[0]!;
    const before = residentMb(pid);
    await put(hub, 'w', 'w-in', 10_000);
    await waitUntil('all wait', async () => (await open(hub, 'w')) === 0, { withinMs: 300_000, everyMs: 50 });
    const cost = residentMb(pid) - before;
    const ready = await editorReady(hub);
    return [
      figure(
        'event in → app call → acknowledge, messages/s, against plain http nodes with no guarantee',
        `${round(ours, 0)} / ${round(theirs, 0)} = ${round((ours / theirs) * 100, 0)} %`,
        '≥ 50 %',
        ours / theirs >= 0.5,
      ),
      figure('memory that 10,000 waiting flows cost a runner', `${round(cost, 0)} MB`, '< 50 MB', cost < 50),
      figure('the editor ready after its start', `${round(ready, 1)} s`, '< 5 s', ready < 5),
    ];
  } finally {
    const gone = once(plain.child, 'exit');
    plain.child.kill('SIGTERM');
    await gone;
    await hub.stop();
    app.stop();
    await agent.close();
    await stopTestServices();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
