import { type CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import PQueue from 'p-queue';
import { ConnectorError } from '#connectors/kit/errors.ts';
import type { GuardSettings } from '#schemas/connector.ts';

/** Runs calls to one app within its limits. */
export interface Guard {
  /**
   * Waits for its turn (rate, concurrency), then runs `work` with a signal that fires after the timeout.
   * While the breaker is open it fails at once with `unavailable` and `skipped`, without calling the app.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  state(): { breaker: 'closed' | 'open' | 'half-open'; inFlight: number };
}

/** Thrown instead of calling while the breaker is open or the app asked for a pause. */
export class SkippedCall extends ConnectorError {}

/** Faults of the app itself; a refusal or a conflict is a sound answer and never opens the breaker. */
const countsAgainstApp = (error: unknown): boolean =>
  !(error instanceof ConnectorError) ||
  ['unavailable', 'timed-out', 'unauthorised', 'unexpected-answer'].includes(error.code);

const stateNames = ['closed', 'open', 'half-open', 'open'] as const;

const withTimeout = async <T>(work: (signal: AbortSignal) => Promise<T>, timeoutMs: number): Promise<T> => {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      // Rejects even when the client underneath ignores the signal.
      reject(new ConnectorError('timed-out', `no answer within ${timeoutMs} ms`));
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
};

/** One guard per connector and node. Anything thrown that is no kit error becomes `unexpected-answer`. */
export const createGuard = (settings: GuardSettings): Guard => {
  // Let out in small handfuls about ten times a second; below ten a second, one by one.
  const intervalCap = Math.max(1, Math.floor(settings.perSecond / 10));
  const queue = new PQueue({
    concurrency: settings.concurrency,
    intervalCap,
    interval: (intervalCap * 1000) / settings.perSecond,
  });
  const breaker = circuitBreaker(handleWhen(countsAgainstApp), {
    halfOpenAfter: settings.breakMs,
    breaker: new ConsecutiveBreaker(settings.breakAfter),
  });
  let pausedUntil = 0;

  const refuseWhilePaused = (): void => {
    const wait = pausedUntil - Date.now();
    if (wait > 0) throw new SkippedCall('rate-limited', 'the app asked to wait', { retryAfterMs: wait });
  };

  const call = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    // Again: the app may have asked to wait while this call stood in the queue.
    refuseWhilePaused();
    try {
      return await breaker.execute(() => withTimeout(work, settings.timeoutMs));
    } catch (error) {
      if (error instanceof ConnectorError) {
        if (error.code === 'rate-limited') pausedUntil = Date.now() + (error.retryAfterMs ?? 1000);
        throw error;
      }
      if (
        (error as Error).name === 'BrokenCircuitError' ||
        (error as { isBrokenCircuitError?: boolean }).isBrokenCircuitError
      )
        throw new SkippedCall('unavailable', 'the circuit breaker is open', {
          retryAfterMs: settings.breakMs,
        });
      throw new ConnectorError('unexpected-answer', 'the connector failed', { cause: error });
    }
  };

  return {
    async run(work) {
      refuseWhilePaused();
      return queue.add(() => call(work));
    },
    state: () => ({ breaker: stateNames[breaker.state as CircuitState] ?? 'open', inFlight: queue.pending }),
  };
};
