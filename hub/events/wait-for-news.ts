import type { EventTail } from '#hub/platform/events/event-tail.ts';

/** Hears of news in the log from the moment it is made: so make it before reading what is there. */
export interface News {
  /** Resolves when there was news since the last call, after `ms`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}

export const listenForNews = (tail: EventTail): News => {
  let heard = false;
  let wakeUp: (() => void) | undefined;
  const stop = tail.onNews(() => {
    heard = true;
    wakeUp?.();
  });
  return {
    async wait(ms, signal) {
      if (!heard && !signal.aborted)
        await new Promise<void>(resolve => {
          const end = (): void => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            resolve();
          };
          const timer = setTimeout(end, ms);
          signal.addEventListener('abort', end);
          wakeUp = end;
        });
      heard = false;
      wakeUp = undefined;
    },
    stop,
  };
};
