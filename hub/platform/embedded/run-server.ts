import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Log } from '#hub/platform/log.ts';
import { stopProcess } from './stop-process.ts';
import type { Watchdog } from './watchdog.ts';

/** How a server is run and ended. */
export interface ServerPlan {
  /** For the log. */
  name: string;
  /** Program and arguments. */
  command: string[];
  /** The user to become. */
  identity?: { uid: number; gid: number } | undefined;
  /** What tells its command line from any other (see `KnownProcess`). */
  marks: string[];
  /** Takes what it prints; the file of the run before is kept as `<logFile>.1`. */
  logFile: string;
  /** Asks it to end. */
  signal: NodeJS.Signals;
  /** Ends it when it has not obeyed within `graceMs`. */
  lastSignal: NodeJS.Signals;
  graceMs: number;
}

/** A server that runs as our child. */
export interface Server {
  pid: number;
  /** Resolves when it has ended, asked or not. */
  exited: Promise<void>;
  running(): boolean;
  /** The last lines it printed. */
  lastWords(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a server in a session of its own: Ctrl-C in the terminal reaches only us, who still need it to finish
 * our work. It prints to a file, since a pipe would break with us. An end that nobody asked for is logged.
 *
 * @throws when the program cannot be started at all
 */
export const runServer = async (plan: ServerPlan, log: Log, watchdog?: Watchdog): Promise<Server> => {
  if (existsSync(plan.logFile)) renameSync(plan.logFile, `${plan.logFile}.1`);
  const out = openSync(plan.logFile, 'a', 0o600);
  const [program, ...args] = plan.command;
  const child = spawn(program!, args, { ...plan.identity, detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid!;
  watchdog?.guard(pid, plan.signal);
  let asked = false;
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const exited = new Promise<void>(resolve => {
    child.once('exit', (code, signal) => {
      watchdog?.forget(pid);
      if (!asked)
        log.error({ serverPid: pid, code, signal, logFile: plan.logFile }, `${plan.name} ended by itself`);
      resolve();
    });
  });
  return {
    pid,
    exited,
    running,
    lastWords: async () => (await readFile(plan.logFile, 'utf8')).trim().split('\n').slice(-10).join('\n'),
    stop: async () => {
      asked = true;
      if (running()) await stopProcess({ pid, marks: plan.marks }, plan.signal, plan);
      await exited;
    },
  };
};
