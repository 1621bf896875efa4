import { ConnectorError } from '#connectors/kit/errors.ts';

/** A session of the app: opened once, shared by every call, opened anew when the app says it is over. */
export interface Session {
  /**
   * Runs `work` with the session's token. When the app says that the session is over, opens a new one and
   * runs `work` once more; a second time is `unauthorised`.
   */
  run<T>(work: (token: string) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** `login` answers a token and for how long it holds; `isOver` knows the app's word for an ended session. */
export const createSession = (options: {
  login(signal: AbortSignal): Promise<{ token: string; holdsMs: number }>;
  isOver(error: unknown): boolean;
  now?: () => number;
}): Session => {
  const now = options.now ?? Date.now;
  let current: { token: string; until: number } | undefined;
  let pending: Promise<string> | undefined;

  const open = async (signal: AbortSignal): Promise<string> => {
    const { token, holdsMs } = await options.login(signal);
    // A token about to end would end on its way: a tenth of its time is not used.
    current = { token, until: now() + holdsMs * 0.9 };
    return token;
  };
  const tokenFor = async (signal: AbortSignal): Promise<string> => {
    if (current !== undefined && current.until > now()) return current.token;
    const mine = pending === undefined;
    pending ??= open(signal).finally(() => {
      pending = undefined;
    });
    try {
      return await pending;
    } catch (error) {
      // The call that was logging in for all was given up; this one still has time.
      if (!mine && !signal.aborted && error instanceof ConnectorError && error.code === 'timed-out')
        return tokenFor(signal);
      throw error;
    }
  };
  return {
    async run(work, signal) {
      const token = await tokenFor(signal);
      try {
        return await work(token);
      } catch (error) {
        if (!options.isOver(error)) throw error;
        // Of many calls that hear it at once, only the first throws the token away.
        if (current?.token === token) current = undefined;
        return await work(await tokenFor(signal));
      }
    },
  };
};
