import { type TSchema, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { createTokenSource } from '#connectors/kit/client-credentials.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { exchange, type HttpAnswer, parseJson } from '#connectors/kit/http.ts';
import { nullableText } from '#connectors/kit/nullable.ts';
import { CscCredential, type CscSettings } from './mapping.ts';

/** A word of the API's own list (OAuth style): anything else would be the provider's text. */
const keyword = /^[a-z][a-z0-9_]{0,40}$/;
const byWord: Record<string, ConnectorErrorCode> = {
  access_denied: 'refused',
  invalid_token: 'unauthorised',
  invalid_client: 'unauthorised',
  unauthorized: 'unauthorised',
};
const checkFault = checkAnswer(Type.Object({ error: Type.Optional(Type.String()) }));

/** `error_description` is not read: it may hold names, and is in any language. */
const faultOf = (answer: HttpAnswer): ConnectorError => {
  const isClosed = answer.status === 401 || answer.status === 403;
  const { error } = isClosed && answer.text.trim() === '' ? {} : checkFault(parseJson(answer));
  const word = error !== undefined && keyword.test(error) ? error : String(answer.status);
  return new ConnectorError(
    byWord[word] ?? (isClosed ? 'unauthorised' : answer.status === 404 ? 'not-found' : 'refused'),
    `the service says ${word}`,
    { vendorCode: word },
  );
};

const Listed = Type.Object({
  credentialIDs: Type.Array(Type.String()),
  nextPageToken: nullableText,
});
/** A SAD, or since v2 a handle when the holder is still to be waited for (2.0 §11.6). */
const Authorised = Type.Object({
  SAD: Type.Optional(Type.String({ minLength: 1 })),
  handle: Type.Optional(Type.String({ minLength: 1 })),
  expiresIn: Type.Optional(Type.Number()),
});
const Signed = Type.Object({ signatures: Type.Array(Type.String()) });

const bearer = (settings: CscSettings, maxBytes: number) => {
  if (settings.auth === 'bearer')
    return <T>(_signal: AbortSignal, work: (token: string) => Promise<T>) => work(settings.token as string);
  const { tokenUrl, clientId, clientSecret, scope } = settings;
  return createTokenSource({
    tokenUrl: tokenUrl as string,
    clientId: clientId as string,
    clientSecret: clientSecret as string,
    scope,
    maxBytes,
  }).withToken;
};

/** The Cloud Signature Consortium's API, 1.0.4 or 2: JSON by POST with a bearer token. */
export const createClient = (settings: CscSettings, maxBytes: number) => {
  const root = settings.baseUrl.replace(/\/+$/, '');
  const withToken = bearer(settings, maxBytes);
  const ask = <T extends TSchema>(path: string, shape: T) => {
    const check = checkAnswer(shape);
    return (json: object, signal: AbortSignal) =>
      withToken(signal, async token => {
        const answer = await exchange({
          method: 'POST',
          url: `${root}/${path}`,
          headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
          json,
          signal,
          maxBytes,
          faultStatuses: [400, 401, 403, 404],
        });
        if (answer.status >= 300) throw faultOf(answer);
        return check(parseJson(answer));
      });
  };
  const list = ask('credentials/list', Listed);
  const info = ask('credentials/info', CscCredential);

  return {
    async credentialIds(userId: string, signal: AbortSignal): Promise<string[]> {
      const found: string[] = [];
      let pageToken: string | undefined;
      do {
        const page = await list(
          {
            ...(settings.sendUserId ? { userID: userId } : {}),
            ...(pageToken === undefined ? {} : { pageToken }),
          },
          signal,
        );
        if (page.nextPageToken && page.nextPageToken === pageToken)
          throw new ConnectorError('unexpected-answer', 'the pages of the list do not move on');
        found.push(...page.credentialIDs);
        pageToken = page.nextPageToken || undefined;
      } while (pageToken !== undefined);
      return found;
    },
    info: (credentialID: string, signal: AbortSignal) =>
      info({ credentialID, certificates: 'chain', certInfo: true, authInfo: true }, signal),
    authorize: ask('credentials/authorize', Authorised),
    authorizeCheck: ask('credentials/authorizeCheck', Authorised),
    signHash: ask('signatures/signHash', Signed),
  };
};
export type CscClient = ReturnType<typeof createClient>;
