import { ConnectorError } from './errors.ts';

/** Access tokens of one client, or of one person, at an app. */
export interface TokenSource {
  /**
   * Runs `work` with a token that is still good for a while. When the app answers `unauthorised` the token is
   * dropped and `work` runs once more with a fresh one (the app was restarted, the token was revoked).
   */
  withToken<T>(signal: AbortSignal, work: (token: string) => Promise<T>): Promise<T>;
}
export interface FreshToken {
  token: string;
  /** Milliseconds from now. */
  lifeMs: number;
}

/** How long before its end a token is renewed: longer than a call lasts, at most a tenth of its life. */
const earlyMs = (lifeMs: number): number => Math.min(60_000, lifeMs / 10);

/** Keeps the token that `fetchToken` brings; calls at the same time share one. Only tests hand in `now`. */
export const createTokenCache = (
  fetchToken: (signal: AbortSignal) => Promise<FreshToken>,
  now: () => number = Date.now,
): TokenSource => {
  let current: { token: string; renewAt: number } | undefined;
  let underWay: Promise<string> | undefined;

  const renew = async (signal: AbortSignal): Promise<string> => {
    const { token, lifeMs } = await fetchToken(signal);
    current = { token, renewAt: now() + lifeMs - earlyMs(lifeMs) };
    return token;
  };

  const getToken = async (signal: AbortSignal): Promise<string> => {
    if (current !== undefined && now() < current.renewAt) return current.token;
    if (underWay !== undefined) {
      try {
        return await underWay;
      } catch (error) {
        // The call that fetched for all of us was given up; ours was not.
        if (!(error instanceof ConnectorError && error.code === 'timed-out') || signal.aborted) throw error;
        return getToken(signal);
      }
    }
    underWay = renew(signal).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };

  return {
    async withToken(signal, work) {
      const token = await getToken(signal);
      try {
        return await work(token);
      } catch (error) {
        // 403 is about rights: a new token would have the same.
        if (!(error instanceof ConnectorError && error.code === 'unauthorised') || error.vendorCode === '403')
          throw error;
        // Another call may have renewed it meanwhile: that one is good.
        if (current?.token === token) current = undefined;
        return work(await getToken(signal));
      }
    },
  };
};
