import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type BirpcReturn, createBirpc } from 'birpc';
import type { HubSide } from '#flows/channel/ask-hub.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Log } from '#hub/platform/log.ts';
import type { Call, CommandName } from '#schemas/calls.ts';

/** A process of Node-RED under our eyes. */
export interface Child<F extends object> {
  pid: number;
  /** What may be asked of it. */
  ask: BirpcReturn<F, HubSide>;
  /** Resolves when what it had asked under this name is answered: the hub may still be at it when it is gone. */
  answered(name: CommandName): Promise<unknown>;
  /** Resolves when it is gone, however it went. */
  gone: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** SIGKILL; nothing when it is gone already. */
  kill(): void;
  /** SIGTERM, and after `graceMs` SIGKILL. */
  stop(graceMs?: number): Promise<void>;
}

export interface ChildOrders {
  /** The file that it runs, from the folder `flows`. */
  main: string;
  /** Given to it as JSON in its first argument; no secrets: other people on the machine can read it. */
  orders: object;
  /** The only commands that it may give. */
  may: ReadonlySet<CommandName>;
  /** Parameters that are not its to choose, by command. */
  fixed?: Partial<Record<CommandName, object>>;
  /** The only folder outside the release that it may read and write; absent: its process may do what ours may. */
  only?: string;
  /** The most megabytes of its heap; more ends it. */
  memoryMb: number;
}

const release = join(import.meta.dirname, '..', '..');

/** How long a command may take that takes longer than others. */
const longest: Partial<Record<CommandName, number>> = {
  'flows.effect': 120_000,
  'flow-runtime.run-cases': 300_000,
};

/**
 * Node's permission model: code that people draw (a function node is no border) reads the release and its own folder, starts no
 * program and loads no foreign code. So it does not see what the hub's process was started with, either.
 */
const confine = (folder: string): string[] => [
  '--permission',
  `--allow-fs-read=${release}`,
  `--allow-fs-read=${folder}`,
  `--allow-fs-write=${folder}`,
];

/**
 * Starts a process that has no environment of ours, no address of the database and no right but the commands in `may`. What it
 * prints goes to the log.
 */
export const startChild = <F extends object>(
  { call, log }: { call: Call; log: Log },
  { main, orders, may, memoryMb, fixed = {}, only }: ChildOrders,
): Child<F> => {
  const child: ChildProcess = fork(join(import.meta.dirname, '..', main), [JSON.stringify(orders)], {
    execArgv: [
      `--max-old-space-size=${memoryMb}`,
      '--disable-warning=ExperimentalWarning',
      ...(only === undefined ? [] : confine(only)),
    ],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // As a group of its own: a Ctrl-C at the terminal is ours to hand on, after draining.
    detached: true,
    env: {},
  });
  const gone = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    // It could not even be started.
    child.once('error', () => child.pid === undefined && resolve({ code: null, signal: null }));
  });
  const print = (data: Buffer): void => {
    for (const line of data.toString().split('\n')) if (line.trim() !== '') log.info({ main, line }, 'flows');
  };
  child.stdout?.on('data', print);
  child.stderr?.on('data', print);
  child.on('error', () => {});
  const underWay = new Map<Promise<unknown>, CommandName>();
  const give = (name: CommandName, params: unknown): Promise<unknown> => {
    const wanted = { ...(params as object), ...fixed[name] };
    const answer = call(name, wanted as never, { timeoutMs: longest[name] ?? 30_000 });
    underWay.set(answer, name);
    return answer.finally(() => underWay.delete(answer));
  };
  const hubSide: HubSide = {
    async call(name, params) {
      try {
        if (!may.has(name)) throw new AppError('flow-command-forbidden', { name });
        return { ok: true, result: await give(name, params) };
      } catch (error) {
        const known = error instanceof AppError ? error : new AppError('internal', {}, { cause: error });
        if (!(error instanceof AppError))
          log.error({ name, cause: String(error) }, 'a command of a flow failed');
        return { ok: false, code: known.code, message: known.message, params: known.params };
      }
    },
  };
  const ask = createBirpc<F, HubSide>(hubSide, {
    post: data => {
      // Who died a moment ago needs no answer.
      if (child.connected) child.send(data, () => {});
    },
    on: listener => child.on('message', listener),
    timeout: 60_000,
  });
  // Who asks it something now would wait in vain.
  void gone.then(() => ask.$close());
  return {
    pid: child.pid!,
    ask,
    answered: name =>
      Promise.allSettled([...underWay].filter(([, asked]) => asked === name).map(([answer]) => answer)),
    gone,
    kill: () => void child.kill('SIGKILL'),
    async stop(graceMs = 5000) {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await gone;
      clearTimeout(late);
    },
  };
};
