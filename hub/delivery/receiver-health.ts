import { afterFailure, afterSuccess, isHeld, openCircuit } from './circuit.ts';
import type { ServedSubscription } from './lease-store.ts';
import type { Health } from './outcome.ts';

/** How a receiver answers: whether it is held, and since when it fails. `wall` is of the clock on the wall. */
export interface ReceiverHealth {
  isHeld(): boolean;
  /** When a held one may be tried again, of the running clock. */
  probeAt(): number;
  succeeded(wall: number): void;
  failed(
    error: { code: string; status: number | null },
    at: { now: number; wall: number; retryAfterMs: number },
  ): void;
  /** For so long it has failed without a success. */
  failingForMs(wall: number): number;
  /** Nothing that fails is left: what was given up is no failure that lasts. */
  forgive(): void;
  shown(): Health;
}

export const createReceiverHealth = (
  served: Pick<ServedSubscription, 'failures' | 'failingSince'>,
  { random, firstWaitMs }: { random: () => number; firstWaitMs: number },
): ReceiverHealth => {
  let circuit = openCircuit(served.failures);
  let failingSince = served.failingSince?.getTime();
  let lastSuccessAt: Health['lastSuccessAt'];
  let lastError: Health['lastError'];
  return {
    isHeld: () => isHeld(circuit),
    probeAt: () => circuit.probeAt,
    succeeded(wall) {
      circuit = afterSuccess();
      failingSince = undefined;
      lastSuccessAt = wall;
    },
    failed({ code, status }, { now, wall, retryAfterMs }) {
      lastError = { at: wall, code, status };
      failingSince ??= wall;
      circuit = afterFailure(circuit, now, random, { retryAfterMs, firstWaitMs });
    },
    failingForMs: wall => (failingSince === undefined ? 0 : wall - failingSince),
    forgive() {
      failingSince = undefined;
    },
    shown: () => ({ failures: circuit.failures, failingSince, lastSuccessAt, lastError }),
  };
};
