import { Type } from 'typebox';
import { checkAnswer } from './check-answer.ts';
import { ConnectorError } from './errors.ts';
import { exchange, parseJson } from './http.ts';

/** Access tokens by OAuth 2 client credentials (RFC 6749 §4.4), the client told by HTTP Basic (§2.3.1). */
export interface TokenSource {
  /**
   * Runs `work` with a token that is still good for a while. When the app answers `unauthorised` the token is
   * dropped and `work` runs once more with a fresh one (the app was restarted, the token was revoked).
   */
  withToken<T>(signal: AbortSignal, work: (token: string) => Promise<T>): Promise<T>;
}
export interface ClientCredentials {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope?: string;
  maxBytes: number;
  /** Milliseconds; only tests hand in their own. */
  now?: () => number;
}

/** How long before its end a token is renewed: longer than a call lasts, at most a tenth of its life. */
const earlyMs = (lifeMs: number): number => Math.min(60_000, lifeMs / 10);
const defaultLifeSeconds = 300;

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

const checkToken = checkAnswer(
  Type.Object({ access_token: Type.String({ minLength: 1 }), expires_in: Type.Optional(Type.Number()) }),
);

export const createTokenSource = (credentials: ClientCredentials): TokenSource => {
  const now = credentials.now ?? Date.now;
  const basic = Buffer.from(
    `${formEncode(credentials.clientId)}:${formEncode(credentials.clientSecret)}`,
  ).toString('base64');
  let current: { token: string; renewAt: number } | undefined;
  let underWay: Promise<string> | undefined;

  const fetchToken = async (signal: AbortSignal): Promise<string> => {
    const answer = await exchange({
      method: 'POST',
      url: credentials.tokenUrl,
      headers: {
        authorization: `Basic ${basic}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        ...(credentials.scope === undefined ? {} : { scope: credentials.scope }),
      }).toString(),
      signal,
      maxBytes: credentials.maxBytes,
    });
    // RFC 6749 §5.2 answers 400 for a bad client, a bad scope and a bad grant alike.
    if (answer.status === 400)
      throw new ConnectorError('unauthorised', 'the token endpoint refuses the client', {
        vendorCode: '400',
      });
    if (answer.status !== 200)
      throw new ConnectorError('unexpected-answer', `the token endpoint answers ${answer.status}`);
    const { access_token: token, expires_in: seconds } = checkToken(parseJson(answer));
    const lifeMs = (seconds ?? defaultLifeSeconds) * 1000;
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
    underWay = fetchToken(signal).finally(() => {
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
