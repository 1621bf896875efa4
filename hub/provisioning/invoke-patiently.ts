import { setTimeout as pause } from 'node:timers/promises';
import type { Call } from '#hub/platform/calls.ts';
import type { InvokeAnswer } from '#schemas/commands/connectors.ts';
import { callTimeoutMs } from './run-app-queue.ts';

const waits = [500, 2000, 5000, 15_000, 30_000];

/**
 * A port call of background work that has time: repeated a few times while the app has a passing fault.
 * Answers the last failure as data. `heartbeat` runs before each attempt and may throw to give up.
 */
export const invokePatiently = async (
  call: Call,
  request: { id: string; port: string; method: string; input: unknown[] },
  options: { timeoutMs: number; heartbeat: () => Promise<void> },
): Promise<InvokeAnswer> => {
  for (let attempt = 0; ; attempt++) {
    await options.heartbeat();
    let answer: InvokeAnswer;
    const started = performance.now();
    try {
      answer = await call('connectors.invoke', request, { timeoutMs: callTimeoutMs(options.timeoutMs) });
    } catch {
      answer = {
        ok: false,
        code: 'unavailable',
        message: 'no connector node answers',
        retryable: true,
        durationMs: Math.round(performance.now() - started),
      };
    }
    const wait = waits[attempt];
    if (answer.ok || !answer.retryable || wait === undefined) return answer;
    await pause(Math.min(30_000, Math.max(wait, answer.retryAfterMs ?? 0)), undefined, { ref: false });
  }
};
