import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EditorOrders, EditorSide } from '#flows/editor/main.ts';
import { credentialSecretOf } from '#flows/supervise/credential-secret.ts';
import { type Child, startChild } from '#flows/supervise/start-child.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { CommandName } from '#schemas/calls.ts';

/** The editor's process, kept running. */
export interface Editor {
  /** Where it listens; undefined while it starts. */
  socketPath(): string | undefined;
  /** Its process, while there is one. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

type Context = Pick<PartContext, 'call' | 'config' | 'log' | 'secrets' | 'wake'>;

/** Waits between tries: doubled each time, from the first again when it has run for a minute. */
const firstWaitMs = 500;
const longestWaitMs = 30_000;
const longEnoughMs = 60_000;

/** Node-RED without flows takes 150 MB; half a gigabyte of heap is a lost process. */
const memoryMb = 512;

/** What people do at the editor, by their right there, and what its forms offer to choose from. */
const may: ReadonlySet<CommandName> = new Set([
  'flows.current',
  'flows.deploy',
  'flows.list-versions',
  'flows.difference',
  'flows.roll-back',
  'flows.propose',
  'flows.list-proposals',
  'flows.review',
  'flows.promote',
  'flows.cases',
  'flows.record-case',
  'flows.recent-messages',
  'flows.replay',
  'flow-runtime.run-cases',
  'flow-runtime.show',
  'flow-runtime.resume',
  'flows.describe-events',
  'flows.describe-apps',
  'flows.describe-api',
  'flows.find-unit',
] satisfies CommandName[]);

/**
 * Starts the editor and starts it again when it ends. It listens on a UNIX socket in a folder that only our own user may
 * enter: whoever wants to reach it goes by the door. Its secret goes over the pipe, never into an argument.
 */
export const startEditor = ({ call, config, log, secrets, wake }: Context): Editor => {
  const folder = mkdtempSync(join(tmpdir(), 'lienthong-flows-'));
  let child: Child<EditorSide> | undefined;
  let listening: string | undefined;
  let stopped = false;
  let endWait: (() => void) | undefined;

  const runOnce = async (count: number): Promise<void> => {
    const socketPath = join(folder, `${count}.sock`);
    const orders: EditorOrders = {
      socketPath,
      userDir: join(config.dataDir, 'flows', 'editor'),
    };
    child = startChild<EditorSide>({ call, log }, { main: 'editor/main.ts', orders, may, memoryMb });
    const { ask, gone, stop } = child;
    const opened = ask.open({ credentialSecret: credentialSecretOf(secrets) }).then(
      () => {
        listening = socketPath;
        log.info({ pid: child?.pid }, 'the flow editor is ready');
      },
      (cause: unknown) => {
        if (!stopped) log.error({ cause: describeCause(cause) }, 'the flow editor did not start');
        return stop();
      },
    );
    await gone;
    listening = undefined;
    child = undefined;
    ask.$close();
    await opened;
  };

  const run = async (): Promise<void> => {
    let waitMs = firstWaitMs;
    for (let count = 1; !stopped; count += 1) {
      const begun = performance.now();
      await runOnce(count);
      if (stopped) return;
      waitMs = performance.now() - begun > longEnoughMs ? firstWaitMs : Math.min(waitMs * 2, longestWaitMs);
      log.warn({ waitMs }, 'the flow editor ended; it is started again');
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, waitMs);
        endWait = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const running = run();
  const unlisten = wake.on('flow-versions', () => void child?.ask.follow.asEvent());

  return {
    socketPath: () => listening,
    pid: () => child?.pid,
    async stop() {
      stopped = true;
      unlisten();
      endWait?.();
      await child?.stop();
      await running;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
