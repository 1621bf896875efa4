import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunnerSide } from '#flows/runner/main.ts';
import { contentsFor } from '#flows/supervise/contents-for.ts';
import { credentialSecretOf } from '#flows/supervise/credential-secret.ts';
import { type Child, startChild } from '#flows/supervise/start-child.ts';
import { createSuspicion } from '#flows/supervise/suspicion.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { repeat } from '#hub/platform/repeat.ts';
import type { CommandName, Commands } from '#schemas/calls.ts';
import type { ResultOf } from '#schemas/command.ts';
import type { FlowsAtWork } from '#schemas/flow.ts';
import { flowsOn } from '#schemas/flow-on.ts';

type Context = Pick<PartContext, 'call' | 'config' | 'log' | 'secrets' | 'wake'>;
type Version = NonNullable<ResultOf<Commands['flows.current']>>;

/** What a runner may ask of the hub. */
const may: ReadonlySet<CommandName> = new Set([
  'flows.claim',
  'flows.renew',
  'flows.settle',
  'flows.effect',
  'flows.wait',
  'flows.correlate',
  'flows.once',
  'flows.find-staff',
  'flows.find-unit',
  'flows.find-head',
  'flows.read-state',
  'flows.write-state',
] satisfies CommandName[]);

/** The most megabytes of a runner's heap. */
const memoryMb = 256;
const pingMs = 2000;
/** A runner whose event loop does not turn for so long is ended: some flow blocks it. */
const deafMs = 10_000;
const drainMs = 20_000;
const pollMs = 2000;

interface Runner {
  name: string;
  version: number;
  flows: string[];
  child: Child<RunnerSide>;
  /** We end it ourselves: that it goes is no crash. */
  leaving: boolean;
}

/**
 * Keeps processes that run the released flows. A new version gets new processes, then the old ones take nothing more, finish what
 * they hold and end. A flow under suspicion runs in a process of its own.
 */
export const runFlows = ({ call, config, log, secrets, wake }: Context) => {
  const { flowStage: stage, dataDir, flowRunners } = config;
  const credentialSecret = credentialSecretOf(secrets);
  const suspicion = createSuspicion();
  const runners = new Set<Runner>();
  let version: Version | undefined;
  let serial = 0;
  let stopping = false;

  const begin = async (
    flows: string[],
    { version: { number }, contents, credentials }: Version,
  ): Promise<void> => {
    const name = `${stage}-${process.pid}-${++serial}`;
    const userDir = join(dataDir, 'flows', stage);
    mkdirSync(userDir, { recursive: true });
    // Node-RED looks for what was installed here; nothing ever is.
    writeFileSync(join(userDir, 'package.json'), '{}');
    const child = startChild<RunnerSide>(
      { call, log },
      {
        main: 'runner/main.ts',
        orders: {},
        may,
        memoryMb,
        only: userDir,
        fixed: {
          'flows.claim': { stage, runner: name },
          'flows.read-state': { stage },
          'flows.write-state': { stage },
        },
      },
    );
    const runner: Runner = { name, version: number, flows, child, leaving: false };
    runners.add(runner);
    void child.gone.then(() => ended(runner));
    watch(runner);
    try {
      await child.ask.start({
        stage,
        runner: name,
        contents: contentsFor(contents, flows),
        credentials,
        credentialSecret,
        userDir,
      });
      log.info({ runner: name, flows: flows.length, version: number }, 'flows run');
    } catch (error) {
      log.error({ runner: name, cause: String(error) }, 'flows did not start');
      child.kill();
    }
  };

  const watch = (runner: Runner): void => {
    let heard = performance.now();
    const timer = setInterval(() => {
      runner.child.ask.ping().then(
        () => {
          heard = performance.now();
        },
        () => {},
      );
      if (performance.now() - heard < deafMs) return;
      log.error({ runner: runner.name, flows: runner.flows }, 'a process of flows is blocked and is ended');
      runner.child.kill();
      clearInterval(timer);
    }, pingMs).unref();
    void runner.child.gone.then(() => clearInterval(timer));
  };

  const ended = async (runner: Runner): Promise<void> => {
    runners.delete(runner);
    // What it had asked for a moment ago would be on loan to nobody.
    await runner.child.answered('flows.claim');
    const released = await call('flows.release', { runner: runner.name, crashed: !runner.leaving }).catch(
      () => undefined,
    );
    if (runner.leaving || stopping) return;
    rounds.wake();
    // The hub is away, and nobody knows what it held: no reason to suspect each of its flows. The loans lapse.
    if (released === undefined) return;
    const { flows } = released;
    const { alone, stopped } = suspicion.crashed(runner.flows, flows);
    log.error({ runner: runner.name, suspects: flows, alone, stopped }, 'a process of flows ended by itself');
    rounds.wake();
  };

  const leave = async (runner: Runner): Promise<void> => {
    runner.leaving = true;
    await runner.child.ask.drain(drainMs).catch(() => {});
    await runner.child.stop();
  };

  /** What should run: the shared processes, and one for each flow that is set apart. */
  const groupsOf = ({ contents }: Version): string[][] => {
    const running = flowsOn(contents).filter(flow => !suspicion.isStopped(flow));
    const shared = running.filter(flow => !suspicion.isAlone(flow));
    const apart = running.filter(flow => suspicion.isAlone(flow)).map(flow => [flow]);
    return [...(shared.length > 0 ? Array.from({ length: flowRunners }, () => shared) : []), ...apart];
  };

  const round = async (): Promise<number> => {
    const running = (await call('flows.stages', {})).find(one => one.stage === stage);
    // All flows are fetched only when there is another version.
    if (running !== undefined && version?.version.number !== running.version) {
      if (version !== undefined) suspicion.forget();
      version = await call('flows.current', { stage });
    }
    if (running === undefined || version === undefined) return pollMs;
    const current = version;
    const wanted = groupsOf(current).map(flows => JSON.stringify(flows));
    const fits = [...runners].filter(({ version: number, leaving, flows }) => {
      if (leaving || number !== current.version.number) return false;
      const at = wanted.indexOf(JSON.stringify(flows));
      if (at >= 0) wanted.splice(at, 1);
      return at >= 0;
    });
    const old = [...runners].filter(runner => !runner.leaving && !fits.includes(runner));
    await Promise.all(wanted.map(flows => begin(JSON.parse(flows) as string[], current)));
    for (const runner of old) void leave(runner);
    return pollMs;
  };

  const rounds = repeat(log, 'flows', round, { restMs: 50 });
  const unlisten = wake.on('flows', () => {
    for (const { child, leaving } of runners) if (!leaving) void child.ask.wake.asEvent();
  });
  const unlistenVersions = wake.on('flow-versions', () => rounds.wake());

  return {
    show: (): FlowsAtWork => ({
      version: version?.version.number,
      runners: [...runners].map(({ name, child, flows }) => ({ name, pid: child.pid, flows })),
      stopped: suspicion.stopped(),
    }),
    /** Runs a stopped flow again. */
    resume(flow: string): void {
      suspicion.resume(flow);
      rounds.wake();
    },
    async stop(): Promise<void> {
      stopping = true;
      unlisten();
      unlistenVersions();
      await rounds.stop();
      await Promise.all([...runners].map(leave));
    },
  };
};
