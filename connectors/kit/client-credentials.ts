import { Type } from 'typebox';
import { checkAnswer } from './check-answer.ts';
import { ConnectorError } from './errors.ts';
import { exchange, parseJson } from './http.ts';
import { createTokenCache, type FreshToken, type TokenSource } from './token-cache.ts';

export interface ClientCredentials {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope?: string;
  maxBytes: number;
  /** Milliseconds; only tests hand in their own. */
  now?: () => number;
}

const defaultLifeSeconds = 300;

/** RFC 6749 §2.3.1: both halves are form-encoded before they are joined. */
const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

const checkToken = checkAnswer(
  Type.Object({ access_token: Type.String({ minLength: 1 }), expires_in: Type.Optional(Type.Number()) }),
);

/** Access tokens by OAuth 2 client credentials (RFC 6749 §4.4), the client told by HTTP Basic (§2.3.1). */
export const createTokenSource = (credentials: ClientCredentials): TokenSource => {
  const basic = Buffer.from(
    `${formEncode(credentials.clientId)}:${formEncode(credentials.clientSecret)}`,
  ).toString('base64');

  const fetchToken = async (signal: AbortSignal): Promise<FreshToken> => {
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
    return { token, lifeMs: (seconds ?? defaultLifeSeconds) * 1000 };
  };

  return createTokenCache(fetchToken, credentials.now);
};
