import type { AppAnswer, AppRequest, SandboxApp } from '#sandbox/kit/app-server.ts';
import { openJournal } from '#sandbox/kit/journal.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import { createUniqueRows } from '#sandbox/kit/unique-rows.ts';

export interface AppStart {
  accounts: SandboxAccount[];
  /** Changes are kept here across restarts. */
  journalFile?: string;
  credentials: { apiKey: string };
}

/** A user in the vendor's own shape. */
interface User {
  id: string;
  staffCode: string;
  login: string;
  fullName: string;
  active: boolean;
  mail?: string;
  unitCode?: string;
  unitName?: string;
}

const toUser = (account: SandboxAccount): User => ({
  id: account.externalId,
  staffCode: account.code,
  login: account.username,
  fullName: account.name,
  active: account.enabled,
  ...(account.email === undefined ? {} : { mail: account.email }),
  ...(account.unitCode === undefined ? {} : { unitCode: account.unitCode }),
  ...(account.unitName === undefined ? {} : { unitName: account.unitName }),
});
const toAccount = (user: User): SandboxAccount => ({
  externalId: user.id,
  enabled: user.active,
  code: user.staffCode,
  username: user.login,
  name: user.fullName,
  ...(user.mail === undefined ? {} : { email: user.mail }),
  ...(user.unitCode === undefined ? {} : { unitCode: user.unitCode }),
  ...(user.unitName === undefined ? {} : { unitName: user.unitName }),
});

const no = (status: number, error: string): AppAnswer => ({ status, json: { error } });

/** The app new-app, played: `/api/users` (list, find by `staffCode`, create) and `/api/users/{id}` (read, `PATCH`). */
export const createNewApp = (start: AppStart): SandboxApp => {
  const users = createUniqueRows<User>(user => user.id, {
    'login-taken': user => user.login,
    'code-taken': user => user.staffCode,
  });
  for (const account of start.accounts) users.load(toUser(account));
  const keep = openJournal<User>(start.journalFile, user => users.put(user));

  const write = (user: User, status: number): AppAnswer => {
    const held = users.put(user);
    if (held !== undefined) return no(409, held);
    keep(user);
    return { status, json: user };
  };
  const list = (query: URLSearchParams): AppAnswer => {
    const code = query.get('staffCode');
    if (code !== null) {
      const user = users.find('code-taken', code);
      return { json: { users: user === undefined ? [] : [user], more: false } };
    }
    const offset = Number(query.get('offset') ?? 0);
    const page = users.slice(offset, Math.min(Number(query.get('limit') ?? 100), 500));
    return { json: { users: page, more: offset + page.length < users.count() } };
  };
  const create = (request: AppRequest): AppAnswer => {
    const body = parseBody(request.body) as Partial<User> | undefined;
    if (!body?.staffCode || !body.login || !body.fullName) return no(422, 'incomplete');
    const { staffCode, login, fullName } = body;
    let number = users.count() + 1;
    while (users.get(`U${number}`) !== undefined) number += 1;
    return write({ active: true, ...body, staffCode, login, fullName, id: `U${number}` }, 201);
  };
  const one = (request: AppRequest, id: string): AppAnswer => {
    const user = users.get(id);
    if (user === undefined) return no(404, 'no-such-user');
    if (request.method === 'GET') return { json: user };
    const body = parseBody(request.body);
    if (request.method !== 'PATCH' || body === undefined) return no(400, 'bad-request');
    return write({ ...user, ...body, id }, 200);
  };

  return {
    id: 'new-app',
    accounts: () => users.all().map(toAccount),
    handle(request) {
      if (request.headers['x-api-key'] !== start.credentials.apiKey) return no(401, 'bad-key');
      const path = /^\/api\/users(?:\/([^/]+))?$/.exec(request.path);
      if (path === null) return { status: 404, body: '404 page not found' };
      if (path[1] !== undefined) return one(request, decodeURIComponent(path[1]));
      return request.method === 'POST' ? create(request) : list(request.query);
    },
  };
};
