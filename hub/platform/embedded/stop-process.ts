import { isRunning, type KnownProcess } from './find-process.ts';
import { waitUntil } from './wait-until.ts';

/**
 * Sends `signal` and waits until the process is gone; when it is still there after `graceMs` (30 s by
 * default) it gets `lastSignal` (SIGKILL by default). Resolves at once when it is not running.
 */
export const stopProcess = async (
  target: KnownProcess,
  signal: NodeJS.Signals,
  {
    graceMs = 30_000,
    lastSignal = 'SIGKILL',
  }: {
    graceMs?: number;
    lastSignal?: NodeJS.Signals;
  } = {},
): Promise<void> => {
  const gone = async (): Promise<boolean> => !(await isRunning(target));
  const send = (which: NodeJS.Signals): void => {
    try {
      process.kill(target.pid, which);
    } catch (error) {
      // It ended in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  if (await gone()) return;
  send(signal);
  try {
    await waitUntil(`process ${target.pid} to end`, gone, { withinMs: graceMs });
  } catch {
    send(lastSignal);
    await waitUntil(`process ${target.pid} to end after ${lastSignal}`, gone, { withinMs: 10_000 });
  }
};
