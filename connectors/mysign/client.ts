import { type TSchema, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { exchange, type HttpAnswer, parseJson } from '#connectors/kit/http.ts';
import { createTokenCache, type TokenSource } from '#connectors/kit/token-cache.ts';
import { MysignCredential, type MysignSettings, MysignStatus } from './mapping.ts';

/** The service's own codes; one that is not listed goes by the HTTP status. */
const vendorFaults: Record<string, ConnectorErrorCode> = {
  58007: 'unauthorised',
  58008: 'not-found',
  59033: 'unauthorised',
  86024: 'unauthorised',
  4005: 'refused',
  13004: 'refused',
  50000: 'unavailable',
};

/** The code stands under one of several names; its words are not read. */
const codeOf = (answer: HttpAnswer): string | undefined => {
  const body = parseJson(answer);
  if (typeof body !== 'object' || body === null) return undefined;
  const told = body as Record<string, unknown>;
  const code = String(told.error ?? told.error_code ?? told.errorCode ?? told.code ?? '');
  return /^\d{4,6}$/.test(code) ? code : undefined;
};
const faultOf = (answer: HttpAnswer): ConnectorError => {
  const code = codeOf(answer);
  const isClosed = answer.status === 401 || answer.status === 403;
  return new ConnectorError(
    vendorFaults[code ?? ''] ?? (isClosed ? 'unauthorised' : 'refused'),
    `the service says ${code ?? answer.status}`,
    { vendorCode: code ?? String(answer.status) },
  );
};

const checkLogin = checkAnswer(
  Type.Object({
    access_token: Type.String({ minLength: 1 }),
    expires_in: Type.Optional(Type.Union([Type.String(), Type.Number()])),
  }),
);
const defaultLifeSeconds = 300;
/** How many holders' tokens are kept; the oldest go first. */
const mostTokens = 5000;

/** MySign's gateway "vtss": a login for each holder, then JSON by POST with the token. */
export const createClient = (settings: MysignSettings, maxBytes: number) => {
  const root = settings.baseUrl.replace(/\/+$/, '');
  const tokens = new Map<string, TokenSource>();
  const client = { client_id: settings.clientId, client_secret: settings.clientSecret };

  const post = async (path: string, json: object, signal: AbortSignal, token?: string) => {
    const answer = await exchange({
      method: 'POST',
      url: `${root}/vtss/service/${path}`,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      json,
      signal,
      maxBytes,
      faultStatuses: [400, 401, 403, 404],
    });
    if (answer.status >= 300) throw faultOf(answer);
    return parseJson(answer);
  };
  const tokensOf = (userId: string): TokenSource => {
    const kept = tokens.get(userId);
    if (kept !== undefined) return kept;
    const made = createTokenCache(async signal => {
      const login = { ...client, profile_id: settings.profileId, user_id: userId };
      const told = checkLogin(await post('ras/v1/login', login, signal));
      const seconds = Number(told.expires_in ?? defaultLifeSeconds) || defaultLifeSeconds;
      return { token: told.access_token, lifeMs: seconds * 1000 };
    });
    tokens.set(userId, made);
    if (tokens.size > mostTokens) tokens.delete(tokens.keys().next().value as string);
    return made;
  };
  const asHolder = <T extends TSchema>(path: string, shape: T) => {
    const check = checkAnswer(shape);
    return async (userId: string, json: object, signal: AbortSignal) =>
      check(await tokensOf(userId).withToken(signal, token => post(path, json, signal, token)));
  };
  const askCertificates = asHolder('certificates/info', Type.Array(MysignCredential));
  const askSignatures = asHolder('signHash', Type.Object({ transactionId: Type.String({ minLength: 1 }) }));
  const askStatus = asHolder('requests/status', MysignStatus);

  return {
    certificates: (userId: string, signal: AbortSignal) =>
      askCertificates(
        userId,
        {
          ...client,
          profile_id: settings.profileId,
          user_id: userId,
          certificates: 'chain',
          certInfo: true,
          authInfo: true,
        },
        signal,
      ),
    ask: (userId: string, request: object, signal: AbortSignal) =>
      askSignatures(userId, { ...client, ...request }, signal),
    status: (userId: string, transactionId: string, signal: AbortSignal) =>
      askStatus(userId, { transactionId }, signal),
  };
};
