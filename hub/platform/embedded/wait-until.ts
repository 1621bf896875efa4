import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `probe` again and again (every `everyMs`, 20 by default) until it gives something other than
 * `undefined` or `false`, and gives that. Rejects after `withinMs`, naming `what` was waited for.
 */
export const waitUntil = async <T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  { withinMs, everyMs = 20 }: { withinMs: number; everyMs?: number },
): Promise<T> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Gave up after ${withinMs} ms: ${what}`);
    await pause(everyMs);
  }
};
