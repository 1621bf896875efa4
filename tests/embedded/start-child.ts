import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What `run-embedded.ts` says once it is up. */
export interface Said {
  uid: number;
  databaseUrl: string;
  natsUrl: string;
  watchdogPid: number;
  /** Instead of all others, when it could not start. */
  error?: string;
}

/** A process that runs the embedded servers, in a process group of its own. */
export interface Child {
  process: ChildProcess;
  pid: number;
  said: Said;
  /** Sends a signal, as `kill` does, and waits for the end; gives the exit code. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
  /** Sends a signal to the whole process group, as the terminal does on Ctrl-C, and waits for the end. */
  killGroup(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `run-embedded.ts` and waits for what it says. `prefix` goes before the command line. */
export const startChild = async (
  dataDir: string,
  {
    wanted = 'database',
    prefix = [],
    env = {},
    user,
  }: {
    wanted?: string;
    prefix?: string[];
    env?: NodeJS.ProcessEnv;
    user?: { uid: number; gid: number };
  } = {},
): Promise<Child> => {
  const program = join(import.meta.dirname, 'run-embedded.ts');
  const [command, ...args] = [...prefix, process.execPath, program, dataDir, wanted];
  const child = spawn(command!, args, {
    ...user,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]) => text as string),
    exited.then(([code]) => Promise.reject(new Error(`The child ended with ${code} and said nothing`))),
  ]);
  const pid = child.pid!;
  const end = async (target: number, signal: NodeJS.Signals): Promise<number | null> => {
    process.kill(target, signal);
    return (await exited)[0];
  };
  return {
    process: child,
    pid,
    said: JSON.parse(line) as Said,
    kill: signal => end(pid, signal),
    killGroup: signal => end(-pid, signal),
  };
};
