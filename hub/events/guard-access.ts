import type { EventViewers } from '#hub/platform/events/event-viewers.ts';
import type { Caller } from '#hub/platform/http/route.ts';

/** How often an open stream is asked whether it may go on; what viewers know is at most two seconds older. */
const everyMs = 1000;
/** As the edge allows for clocks that differ. */
const toleranceMs = 5000;

/** The right to read on, as long as it lasts. */
export interface Access {
  /** Aborts when the right has ended, or the client has gone. */
  signal: AbortSignal;
  stop(): void;
}

/**
 * Watches the right of a reader whose answer stays open: it ends with the token, when the app is switched off, and
 * with `gone`. While the apps cannot be asked it ends too: what may be shown is not known then.
 */
export const guardAccess = (
  viewers: EventViewers,
  caller: Caller,
  {
    expiresAt,
    gone,
    now = Date.now,
  }: { expiresAt: number | undefined; gone: AbortSignal; now?: () => number },
): Access => {
  const over = new AbortController();
  const check = async (): Promise<void> => {
    if (expiresAt !== undefined && now() > expiresAt + toleranceMs) over.abort();
    else await viewers.ofCaller(caller).catch(() => over.abort());
  };
  const timer = setInterval(() => void check(), everyMs);
  const signal = AbortSignal.any([over.signal, gone]);
  const stop = (): void => clearInterval(timer);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return { signal, stop };
};
