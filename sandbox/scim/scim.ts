import type { AppAnswer, AppRequest, SandboxApp } from '#sandbox/kit/app-server.ts';
import { openJournal } from '#sandbox/kit/journal.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { createUniqueRows } from '#sandbox/kit/unique-rows.ts';
import { parseFilter } from './filter.ts';
import { type Oddities, spoilAnswer } from './oddities.ts';
import { ScimRefusal, scimError } from './scim-error.ts';
import { createTokens, type ScimCredentials } from './tokens.ts';
import { show, toAccount, toUser, type UserRow } from './user.ts';
import { patchUser, readUser } from './write-user.ts';

export interface ScimStart {
  accounts: SandboxAccount[];
  /** Changes are kept here across restarts. */
  journalFile?: string;
  credentials: ScimCredentials;
  /** Pages by index (RFC 7644) or by cursor (RFC 9865); by index when absent. */
  paging?: 'index' | 'cursor';
  /** PATCH is declared and offered; true when absent. */
  patch?: boolean;
  oddities?: Oddities;
}

export const basePath = '/scim/v2';
export const tokenPath = '/oauth/token';
const maxPage = 200;
const scimJson = { 'content-type': 'application/scim+json' };

const shown = (row: UserRow, status = 200): AppAnswer => ({
  status,
  headers: { ...scimJson, etag: `W/"${row.version}"` },
  json: show(row),
});

/**
 * An app that speaks SCIM 2.0, played from the RFCs: `/ServiceProviderConfig`, `/Users` (filter, pages, create)
 * and `/Users/{id}` (read, PATCH, PUT, If-Match). User names are unique, external ids are the client's affair.
 */
export const createScim = (start: ScimStart): SandboxApp => {
  const { oddities = {}, paging = 'index', patch = true } = start;
  const tokens = createTokens(start.credentials);
  const rows = createUniqueRows<UserRow>(row => row.id, { userName: row => row.userName });
  for (const account of start.accounts) rows.load(toUser(account));
  const keep = openJournal<UserRow>(start.journalFile, row => rows.put(row));

  const config = (): AppAnswer => ({
    headers: scimJson,
    json: {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: patch },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: maxPage },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: !oddities.noMeta },
      pagination: { cursor: paging === 'cursor', index: paging === 'index', maxPageSize: maxPage },
      authenticationSchemes: [{ type: 'oauthbearertoken', name: 'OAuth', description: 'RFC 6750' }],
    },
  });

  const write = (row: UserRow, status: number): AppAnswer => {
    if (rows.put(row) !== undefined) return scimError(409, 'uniqueness');
    keep(row);
    return shown(row, status);
  };

  const matching = (query: URLSearchParams): UserRow[] => {
    const filter = query.get('filter');
    if (filter === null || oddities.ignoresFilter) return rows.all();
    const isHidden = (row: UserRow) =>
      oddities.hidesClosed === true && !row.active && !/^userName/i.test(filter);
    if (oddities.filtersCoreOnly && /^urn:/i.test(filter)) return [];
    const test = parseFilter(filter);
    return rows.all().filter(row => test(row) && !isHidden(row));
  };
  const offsetOf = (query: URLSearchParams): number => {
    const cursor = query.get('cursor');
    if (paging === 'cursor') {
      if (query.has('startIndex')) throw new ScimRefusal(400, 'invalidValue');
      const offset = Number(Buffer.from(cursor ?? '', 'base64url').toString() || 0);
      if (!Number.isInteger(offset)) throw new ScimRefusal(400, 'invalidCursor');
      return offset;
    }
    if (cursor !== null) throw new ScimRefusal(400, 'invalidValue');
    const index = Number(query.get('startIndex') ?? 1);
    if (!Number.isInteger(index)) throw new ScimRefusal(400, 'invalidValue');
    return oddities.ignoresStart ? 0 : Math.max(0, index - 1);
  };
  const list = (query: URLSearchParams): AppAnswer => {
    const all = matching(query);
    const offset = oddities.ignoresPaging ? 0 : offsetOf(query);
    const count = Math.max(0, Number(query.get('count') ?? maxPage));
    const size = oddities.ignoresPaging
      ? all.length
      : Math.min(count, maxPage, oddities.shortPages ?? maxPage);
    const page = all.slice(offset, offset + size);
    const next = offset + page.length;
    const hasNext = paging === 'cursor' && next < all.length;
    return {
      headers: scimJson,
      json: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: all.length,
        itemsPerPage: page.length,
        ...(paging === 'index' ? { startIndex: offset + 1 } : {}),
        ...(hasNext ? { nextCursor: Buffer.from(String(next)).toString('base64url') } : {}),
        Resources: page.map(show),
      },
    };
  };

  const create = (body: string): AppAnswer => {
    let number = 1000 + rows.count();
    while (rows.get(`u-${number}`) !== undefined) number += 1;
    return write({ ...readUser(body), id: `u-${number}`, version: 1 } as UserRow, 201);
  };
  const one = (request: AppRequest, id: string): AppAnswer => {
    const row = rows.get(id);
    if (row === undefined) return scimError(404);
    const { method, headers, body } = request;
    if (method === 'GET') return shown(row);
    if (method !== 'PUT' && !(method === 'PATCH' && patch)) return scimError(501);
    const match = headers['if-match'];
    if (match !== undefined && match !== `W/"${row.version}"`) return scimError(412);
    const next =
      method === 'PUT' ? ({ ...readUser(body), id, version: row.version } as UserRow) : patchUser(row, body);
    if (JSON.stringify(show(next)) === JSON.stringify(show(row))) return shown(row);
    return write({ ...next, version: row.version + 1 }, 200);
  };

  const answer = (request: AppRequest): AppAnswer => {
    const { path, method } = request;
    if (path === tokenPath && method === 'POST') return tokens.issue(request);
    if (!path.startsWith(`${basePath}/`)) return { status: 404, body: '404 page not found' };
    if (path === `${basePath}/ServiceProviderConfig`) return config();
    if (!tokens.accepts(request)) return scimError(401);
    const [, users, id] = /^(\/Users)(?:\/([^/]+))?$/.exec(path.slice(basePath.length)) ?? [];
    if (users === undefined) return scimError(404);
    if (id !== undefined) return one(request, decodeURIComponent(id));
    return method === 'POST' ? create(request.body) : list(request.query);
  };

  return {
    id: 'scim',
    accounts: () => rows.all().map(toAccount),
    handle(request) {
      try {
        return spoilAnswer(answer(request), request.method, oddities);
      } catch (error) {
        if (error instanceof ScimRefusal) return error.answer;
        throw error;
      }
    },
  };
};
