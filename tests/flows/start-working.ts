import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { runFlows } from '#flows/supervise/run-flows.ts';
import createFlows from '#hub/flows/flows.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import type { FlowContents } from '#schemas/flow.ts';
import type { AppCall } from '#tests/flows/start-flows.ts';
import { type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

/** Flows that run, with everything that their nodes ask: register, sign-on, gateway. Only the apps are played. */
export interface Working {
  signOn: SignOn;
  /** What apps were asked, in its order. */
  calls: AppCall[];
  /** Hands a message to a flow (`drawNode`); answers its id. */
  put(flow: string, message: Record<string, unknown>): Promise<string>;
  /** What came out of a flow's node: number of the output, and the message. */
  came(flow: string): { output: number; message: Record<string, unknown> }[];
  /** Waits until so many messages came out of a flow's node. */
  untilCame(flow: string, count: number): Promise<ReturnType<Working['came']>>;
  until(title: string, isSo: () => boolean | Promise<boolean>): Promise<void>;
  states(flow: string): Promise<Record<string, number>>;
  /** Why a message failed. */
  faultOf(id: string): Promise<Record<string, string>>;
  killRunner(): Promise<void>;
  stop(): Promise<void>;
}

const ports = [
  { name: 'notices', methods: ['send'] },
  { name: 'signer', methods: ['sign'] },
];

/** A port's method is called with a list of arguments; flows give one. */
export const argumentOf = (input: unknown): Record<string, unknown> =>
  (input as Record<string, unknown>[])[0]!;

/** Starts with flows deployed. */
export const startWorking = async (contents: FlowContents): Promise<Working> => {
  const calls: AppCall[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), 'lienthong-flows-'));
  const playApps: CreatePart = () => ({
    name: 'connectors',
    actions: {
      'connectors.ports': async () => [{ id: 'mail', ports }],
      'connectors.invoke': async (call: AppCall) => {
        calls.push(call);
        return { ok: true as const, result: { taken: true }, durationMs: 1 };
      },
    },
  });
  const createRunners: CreatePart = context => {
    let running: ReturnType<typeof runFlows> | undefined;
    return {
      name: 'flow-runtime',
      actions: { 'flow-runtime.show': async () => running!.show() },
      async start() {
        running = runFlows(context);
      },
      stop: async () => running?.stop(),
    };
  };
  const signOn = await startSignOn({ parts: [playApps, createFlows, createRunners], config: { dataDir } });
  const { hub } = signOn;
  for (const id of ['mail', 'probe'])
    await signOn.app(id, { connector: id, settings: { password: 'Bí mật 1!' } });
  const deployed = { contents, credentials: {}, author: 'staff/1', authorName: 'Nguyễn Văn An', message: '' };
  await hub.call('flows.deploy', deployed);

  const came: Working['came'] = flow =>
    calls
      .filter(({ port }) => port === `out-${flow}`)
      .map(({ method, input }) => ({ output: Number(method), message: argumentOf(input) }));
  const until: Working['until'] = async (title, isSo) => {
    await waitUntil(title, async () => isSo(), { withinMs: 50_000 });
  };
  return {
    ...{ signOn, calls, came, until },
    async untilCame(flow, count) {
      await until(`${count} messages come out of ${flow}`, () => came(flow).length >= count);
      return came(flow);
    },
    async put(flow, message) {
      const id = randomUUID();
      await hub.call('flows.put', { stage: 'sandbox', flow, node: `${flow}-in`, id, message });
      return id;
    },
    async states(flow) {
      const { rows } = await sql<{ state: string; count: number }>`
        select state, count(*)::int as count from flow_message where flow = ${flow} group by state`.execute(
        hub.db,
      );
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
    async faultOf(id) {
      const { rows } = await sql<{ fault: Record<string, string> }>`
        select fault from flow_message where id = ${id}`.execute(hub.db);
      return rows[0]!.fault;
    },
    async killRunner() {
      const { runners } = await hub.call('flow-runtime.show', {});
      for (const { pid } of runners) process.kill(pid, 'SIGKILL');
    },
    async stop() {
      await signOn.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
