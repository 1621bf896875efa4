import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { startWatchdog, type Watchdog } from '#hub/platform/embedded/watchdog.ts';
import { type Client, createClient } from './call-hub.ts';
import { processesNaming } from './find-processes.ts';

/** How a hub is run; the same plan again is a restart on the same data. */
export interface HubPlan {
  dataDir: string;
  port: number;
  /** What `sandbox.json` is read from, when this hub plays no sandbox itself. */
  sandboxOf?: string;
  /** Whose tokens are used, when this process does not play the sign-on. */
  signOn?: string;
  env?: NodeJS.ProcessEnv;
}

/** A hub that runs as a process of its own (`node start.ts`) and is ready. */
export interface RunningHub extends Client {
  pid: number;
  /** Where its temporary files are made. */
  tempDir: string;
  /** What it printed so far. */
  printed(): Promise<string>;
  running(): boolean;
  /** `kill -9`, and waits until everything that it had started is gone too. */
  kill(): Promise<void>;
  /** Ctrl-C; gives the exit code when everything that it had started is gone. */
  interrupt(): Promise<number | null>;
}

const root = join(import.meta.dirname, '..', '..');
const readyWithinMs = 60_000;
const goneWithinMs = 30_000;

/** A hub that was started and has not ended, with all that it had started. */
interface Alive {
  dataDir: string;
  /** Its end is wanted. */
  asked: boolean;
  end(signal: NodeJS.Signals): Promise<number | null>;
}

let watchdog: Watchdog | undefined;
const alive = new Set<Alive>();

const spawnHub = async ({ dataDir, port, env }: HubPlan, tempDir: string): Promise<ChildProcess> => {
  await mkdir(tempDir, { recursive: true });
  const child = spawn(process.execPath, ['start.ts'], {
    cwd: root,
    // A session of its own: Ctrl-C in the terminal reaches the specs, which then end it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: '',
      NATS_URL: '',
      LIENTHONG_DATA: dataDir,
      LIENTHONG_HOST: '127.0.0.1',
      LIENTHONG_LOG: 'warn',
      LIENTHONG_SANDBOX_STAFF: '300',
      PORT: String(port),
      TMPDIR: tempDir,
      ...env,
    },
  });
  const log = createWriteStream(join(dataDir, 'printed.log'), { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  // A spec run that is killed must not leave a hub behind.
  watchdog ??= startWatchdog();
  watchdog.guard(child.pid!, 'SIGKILL');
  return child;
};

/** Starts a hub and waits for `/readyz`. Rejects with what it printed when it ends before. */
export const runHub = async (plan: HubPlan): Promise<RunningHub> => {
  const { dataDir, port } = plan;
  const tempDir = join(dataDir, 'temp');
  const child = await spawnHub(plan, tempDir);
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const printed = (): Promise<string> => readFile(join(dataDir, 'printed.log'), 'utf8');
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const entry: Alive = {
    dataDir,
    asked: false,
    async end(signal) {
      entry.asked = true;
      if (running()) child.kill(signal);
      const [code] = await exited;
      watchdog!.forget(child.pid!);
      await waitUntil(
        `everything on ${dataDir} to end`,
        async () => (await processesNaming(dataDir)).length === 0,
        { withinMs: goneWithinMs },
      );
      alive.delete(entry);
      return code;
    },
  };
  alive.add(entry);
  // The folder is removed at the end: what a hub said that fell over must be told now.
  child.once('exit', async code => {
    if (!entry.asked) console.error(`A hub ended by itself (${code}):\n${(await printed()).slice(-3000)}`);
  });
  const origin = `http://localhost:${port}`;
  try {
    await waitUntil(
      'the hub to be ready',
      async () => {
        if (!running()) throw new Error('the hub ended');
        return (await fetch(`${origin}/readyz`).catch(() => undefined))?.status === 200;
      },
      { withinMs: readyWithinMs, everyMs: 50 },
    );
  } catch (error) {
    await entry.end('SIGKILL');
    throw new Error(`${(error as Error).message}\n${(await printed()).slice(-4000)}`);
  }
  return Object.assign(await createClient(origin, plan.sandboxOf ?? dataDir, plan.signOn), {
    pid: child.pid!,
    tempDir,
    printed,
    running,
    kill: async () => void (await entry.end('SIGKILL')),
    interrupt: () => entry.end('SIGINT'),
  });
};

/** Ends what still runs of the hubs whose data lie in `folder`. */
export const stopHubs = async (folder: string): Promise<void> => {
  for (const entry of alive) if (entry.dataDir.startsWith(folder)) await entry.end('SIGKILL');
  if (alive.size > 0) return;
  await watchdog?.stop();
  watchdog = undefined;
};
