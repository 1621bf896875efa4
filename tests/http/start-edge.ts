import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { buildServer, type ServerOptions } from '#hub/platform/http/build-server.ts';
import type { Caller, Route } from '#hub/platform/http/route.ts';
import type { Log } from '#hub/platform/log.ts';

/** A log whose lines can be looked at. */
export const createLogBook = (): { log: Log; lines: string[] } => {
  const lines: string[] = [];
  return { log: pino({ level: 'debug' }, { write: line => lines.push(line) }), lines };
};

const callers: Record<string, Caller> = {
  reader: { clientId: 'reader', scopes: ['hr.read'] },
  other: { clientId: 'other', scopes: ['hr.read'] },
  admin: { clientId: 'boss', scopes: ['admin'] },
};

export interface RunningEdge {
  origin: string;
  port: number;
  lines: string[];
  close(): Promise<void>;
}

/** The edge on a free port; the tokens are `reader`, `other` and `admin`. */
export const startEdge = async (
  options: Partial<ServerOptions> & { routes: Route[] },
): Promise<RunningEdge> => {
  const { log, lines } = createLogBook();
  const app = buildServer({
    log,
    authenticate: async token => {
      if (callers[token] === undefined) throw new AppError('unauthenticated');
      return callers[token];
    },
    ...options,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, lines, close: () => app.close() };
};

/** A problem as the specs look at it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  instance: string;
  reference?: string;
  errors: { in?: string; pointer: string; code: string; detail: string }[];
}

/** The JSON of an answer; a problem unless said otherwise. */
export const read = async <T = Problem>(answer: Response | Promise<Response>): Promise<T> =>
  (await (await answer).json()) as T;

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Waits until something holds, looking often; fails after 10 s. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
};

/** A route that echoes its body; what the specs vary is given. */
export const echoRoute = (changes: Partial<Route> = {}): Route => ({
  method: 'POST',
  path: '/api/v1/echo',
  scope: 'hr.read',
  tag: 'test',
  summary: 'Echoes',
  body: Type.Object(
    {
      name: Type.String({ minLength: 2 }),
      age: Type.Optional(Type.Integer({ minimum: 0 })),
      kind: Type.Optional(Type.Union([Type.Literal('a'), Type.Literal('b')])),
    },
    { additionalProperties: false },
  ),
  handle: async ({ body }) => body,
  ...changes,
});
