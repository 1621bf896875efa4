import { Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { createTokenSource } from '#connectors/kit/client-credentials.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { exchange, type HttpAnswer, type HttpRequest, parseJson } from '#connectors/kit/http.ts';
import { Officer } from './mapping.ts';

export interface PortalSettings {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  scope: string;
  tokenPath: string;
  officersPath: string;
  filesPath: string;
  workPath: string;
}

// The portal's `message` may name people: it is not read.
const checkError = checkAnswer(
  Type.Object({ error: Type.Object({ code: Type.String(), field: Type.Optional(Type.String()) }) }),
);
const checkPage = checkAnswer(
  Type.Object({ items: Type.Array(Officer), next_cursor: Type.Union([Type.String(), Type.Null()]) }),
);
const checkOfficer = checkAnswer(Officer);

const checkFile = checkAnswer(
  Type.Object({ file_name: Type.String(), media_type: Type.String(), content_base64: Type.String() }),
);

/** The portal's own greatest page. */
export const maxPageSize = 200;
/** How often a write is tried again on what somebody else has just changed. */
const maxRaces = 3;

/** 400, 404, 409, 412, 422…: the portal's own error as a kit error. An error page is `unexpected-answer`. */
const faultOf = (answer: HttpAnswer): ConnectorError => {
  const { code, field } = checkError(parseJson(answer)).error;
  const kind = answer.status === 404 ? 'not-found' : answer.status === 409 ? 'conflict' : 'refused';
  return new ConnectorError(kind, `the portal says ${code}${field === undefined ? '' : ` (${field})`}`, {
    vendorCode: code,
  });
};

/** The portal's officer API, version 2: bearer tokens, cursor pages, optimistic locks by ETag (RFC 9110 §13.1.1). */
export const createClient = (settings: PortalSettings, maxBytes: number) => {
  const root = settings.baseUrl.replace(/\/+$/, '');
  const tokens = createTokenSource({
    tokenUrl: root + settings.tokenPath,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    scope: settings.scope,
    maxBytes,
  });

  const send = (
    method: HttpRequest['method'],
    path: string,
    signal: AbortSignal,
    options: { json?: unknown; ifMatch?: string } = {},
  ): Promise<HttpAnswer> =>
    tokens.withToken(signal, token =>
      exchange({
        method,
        url: root + path,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(options.ifMatch === undefined ? {} : { 'if-match': options.ifMatch }),
        },
        ...(options.json === undefined ? {} : { json: options.json }),
        signal,
        maxBytes,
      }),
    );
  const read = <T>(answer: HttpAnswer, check: (value: unknown) => T): T => {
    if (answer.status !== 200 && answer.status !== 201) throw faultOf(answer);
    return check(parseJson(answer));
  };
  const readOrMissing = (answer: HttpAnswer): Officer | undefined => {
    if (answer.status !== 404) return read(answer, checkOfficer);
    const fault = faultOf(answer);
    if (fault.vendorCode === 'officer_not_found') return undefined;
    throw new ConnectorError('unexpected-answer', 'the portal does not know this address');
  };
  const officers = settings.officersPath;
  const get = async (id: string, signal: AbortSignal): Promise<Officer | undefined> =>
    readOrMissing(await send('GET', `${officers}/${encodeURIComponent(id)}`, signal));

  return {
    /** For daily work: one call below `workPath`, its answer checked. */
    async ask<T>(
      method: HttpRequest['method'],
      path: string,
      signal: AbortSignal,
      check: (answer: unknown) => T,
      json?: unknown,
    ): Promise<T> {
      const url = settings.workPath.replace(/\/+$/, '') + path;
      return read(await send(method, url, signal, json === undefined ? {} : { json }), check);
    },
    async list(cursor: string | undefined, size: number, signal: AbortSignal) {
      const query = new URLSearchParams({
        limit: String(Math.min(size, maxPageSize)),
        ...(cursor === undefined ? {} : { cursor }),
      });
      return read(await send('GET', `${officers}?${query}`, signal), checkPage);
    },
    get,
    async findByCode(code: string, signal: AbortSignal): Promise<string | undefined> {
      const query = new URLSearchParams({ officer_code: code, limit: '2' });
      const { items } = read(await send('GET', `${officers}?${query}`, signal), checkPage);
      return items.find(officer => officer.officer_code === code)?.officer_id;
    },
    async create(json: unknown, signal: AbortSignal): Promise<Officer> {
      return read(await send('POST', officers, signal, { json }), checkOfficer);
    },
    /** Writes only the fields that the patch mentions, on the version just read; reads again when it was raced. */
    async update(id: string, json: unknown, signal: AbortSignal): Promise<Officer | undefined> {
      for (let race = 0; race < maxRaces; race += 1) {
        const before = await get(id, signal);
        if (before === undefined) return undefined;
        const answer = await send('PATCH', `${officers}/${encodeURIComponent(id)}`, signal, {
          json,
          ifMatch: `"${before.version}"`,
        });
        if (answer.status !== 412) return readOrMissing(answer);
      }
      throw new ConnectorError('unavailable', 'the account is being changed by others at the same time', {
        vendorCode: '412',
      });
    },
    /** The file of a dossier's result. */
    async fetchFile(id: string, signal: AbortSignal) {
      return read(await send('GET', `${settings.filesPath}/${encodeURIComponent(id)}`, signal), checkFile);
    },
    async putFile(id: string, json: unknown, signal: AbortSignal): Promise<void> {
      read(await send('PUT', `${settings.filesPath}/${encodeURIComponent(id)}`, signal, { json }), checkFile);
    },
  };
};
