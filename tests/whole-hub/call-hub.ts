import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';

/** What a script does with a hub: its API with a token, and the played apps beside it. */
export interface Client {
  origin: string;
  /** Ids of the played apps and where they listen. */
  apps: Record<string, string>;
  /** The value of the header that proves who asks. */
  authorization: string;
  /** An authenticated request; any status. */
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
}

const demand = async (answer: Response): Promise<Response> => {
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
  return answer;
};

/** For the hub at `origin`, with what `sandbox.json` in `sandboxDir` tells; tokens come from `signOn`. */
export const createClient = async (origin: string, sandboxDir: string, signOn = origin): Promise<Client> => {
  const sandbox = JSON.parse(await readFile(join(sandboxDir, 'sandbox.json'), 'utf8')) as SandboxFile;
  const apps = Object.fromEntries(sandbox.apps.map(app => [app.id, app.origin]));
  const { client_id, client_secret } = sandbox.clients[0]!;
  // Processes that start together find each other after a moment.
  const answer = await waitUntil(
    `a token of ${signOn}`,
    async () => {
      const asked = await fetch(`${signOn}/sso/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      }).catch(() => undefined);
      return asked === undefined || asked.status === 503 ? undefined : demand(asked);
    },
    { withinMs: 30_000, everyMs: 100 },
  );
  const { access_token } = (await answer.json()) as { access_token: string };
  const authorization = `Bearer ${access_token}`;
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(origin + path, {
      ...init,
      headers: { authorization, ...(init.headers as Record<string, string>) },
    });
  const tell = async (app: string, path: string, body: unknown): Promise<Response> =>
    demand(await fetch(`${apps[app]}${path}`, { method: 'POST', body: JSON.stringify(body) }));
  return {
    origin,
    apps,
    authorization,
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
