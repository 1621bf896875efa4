import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';

/** What a script does with a hub: its API with a token, and the played apps beside it. */
export interface Client {
  origin: string;
  /** Ids of the played apps and where they listen. */
  apps: Record<string, string>;
  /** Whom the sandbox lets sign in, the IT centre's own first. */
  people: { username: string; password: string }[];
  /** The value of the header that proves who asks, with the token that was used last. */
  readonly authorization: string;
  /** An authenticated request, with a new token when the last one has run out; any status. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** The JSON of a request that must succeed. */
  get<T>(path: string): Promise<T>;
  /** Changes what is there; must succeed. */
  put(path: string, body: unknown): Promise<void>;
  /** What the HR software's people do. */
  act(action: Record<string, unknown>): Promise<{ code: string; codes: string[]; cursor: string }>;
  /** Makes an app misbehave until it is told `{ mode: 'ok' }`. */
  fault(app: string, fault: Record<string, unknown>): Promise<void>;
  /** What an app holds. */
  holds(app: string): Promise<HeldAccount[]>;
}

/** An account as `GET /_state/accounts` of a played app tells it. */
export type HeldAccount = { externalId: string; enabled: boolean; code: string } & Record<string, unknown>;

interface SandboxFile {
  clients: { client_id: string; client_secret: string }[];
  apps: { id: string; origin: string }[];
  admin: { username: string; password: string };
  staff: { username: string; password: string }[];
}

const demand = async (answer: Response): Promise<Response> => {
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
  return answer;
};

/** A token of a client; processes that start together find each other after a moment. */
export const fetchToken = async (signOn: string, clientId: string, secret: string): Promise<string> => {
  const answer = await waitUntil(
    `a token of ${signOn}`,
    async () => {
      const asked = await fetch(`${signOn}/sso/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      }).catch(() => undefined);
      return asked === undefined || asked.status === 503 ? undefined : demand(asked);
    },
    { withinMs: 30_000, everyMs: 100 },
  );
  return ((await answer.json()) as { access_token: string }).access_token;
};

/** The tokens of a client, one after the other: each lives five minutes. */
export interface Tokens {
  current(): string;
  /** Asks with the current token; at 401 once more with a new one. */
  ask<T extends { status: number }>(request: (token: string) => Promise<T>): Promise<T>;
}

export const keepTokens = (newToken: () => Promise<string>, first: string): Tokens => {
  let token = first;
  return {
    current: () => token,
    async ask(request) {
      const answer = await request(token);
      if (answer.status !== 401) return answer;
      token = await newToken();
      return request(token);
    },
  };
};

/** For the hub at `origin`, with what `sandbox.json` in `sandboxDir` tells; tokens come from `signOn`. */
export const createClient = async (origin: string, sandboxDir: string, signOn = origin): Promise<Client> => {
  const sandbox = JSON.parse(await readFile(join(sandboxDir, 'sandbox.json'), 'utf8')) as SandboxFile;
  const apps = Object.fromEntries(sandbox.apps.map(app => [app.id, app.origin]));
  const { client_id, client_secret } = sandbox.clients[0]!;
  const newToken = () => fetchToken(signOn, client_id, client_secret);
  const tokens = keepTokens(newToken, await newToken());
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    tokens.ask(token =>
      fetch(origin + path, {
        ...init,
        headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
      }),
    );
  const tell = async (app: string, path: string, body: unknown): Promise<Response> =>
    demand(await fetch(`${apps[app]}${path}`, { method: 'POST', body: JSON.stringify(body) }));
  return {
    origin,
    apps,
    people: [sandbox.admin, ...sandbox.staff],
    get authorization() {
      return `Bearer ${tokens.current()}`;
    },
    ask,
    get: async path => (await demand(await ask(path))).json() as never,
    async put(path, body) {
      const headers = { 'content-type': 'application/json' };
      await demand(await ask(path, { method: 'PUT', headers, body: JSON.stringify(body) }));
    },
    act: async action => (await tell('hr', '/_actions', action)).json() as never,
    fault: async (app, fault) => void (await tell(app, '/_faults', fault)),
    holds: async app => (await demand(await fetch(`${apps[app]}/_state/accounts`))).json() as never,
  };
};
