import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults, faultModes, readFault } from '#sandbox/kit/faults.ts';

/** One call to a sandbox app, its body read. */
export interface AppRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
  /** The body as it came, for protocols that are not text. */
  bytes: Buffer;
  /** The fault that the app itself plays for this call (`ownFaults`); `ok` mostly. */
  fault: string;
}
export interface AppAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  json?: unknown;
}
/** A sandbox app: its real protocol, and what it holds (for `GET /_state/accounts`). */
export interface SandboxApp {
  id: string;
  handle(request: AppRequest): AppAnswer | Promise<AppAnswer>;
  accounts(): unknown[];
  /** What `GET /_state/<name>` tells beside the accounts (mail: mails); undefined when there is no such state. */
  state?(name: string): unknown;
  /** Faults that only the app can play, beside those of `faults.ts`. */
  ownFaults?: readonly string[];
  /** What `POST /_actions` does (HR: hire, move, raise, leave). */
  act?(action: Record<string, unknown>): unknown;
  /** `POST /_confirm`: what the holder of a signing key does on their phone. */
  confirm?(decision: Record<string, unknown>): unknown;
  /** Told every mode that `POST /_faults` sets. */
  setFault?(mode: string): void;
  close?(): Promise<void>;
}
export interface RunningApp {
  id: string;
  origin: string;
  stop(): Promise<void>;
}

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
};

const send = (response: ServerResponse, answer: AppAnswer): void => {
  const body = answer.json === undefined ? (answer.body ?? '') : JSON.stringify(answer.json);
  response.writeHead(answer.status ?? 200, {
    'content-type': answer.json === undefined ? 'text/plain; charset=utf-8' : 'application/json',
    ...answer.headers,
  });
  response.end(body);
};

/** Serves an app on loopback (port 0: a free one), with `/_state/accounts`, `/_faults` and `/_actions` beside it. */
export const serveApp = async (app: SandboxApp, port = 0): Promise<RunningApp> => {
  const faults = createFaults();
  const knownFaults = [...faultModes, ...(app.ownFaults ?? [])];
  const control = async (request: IncomingMessage, url: URL): Promise<AppAnswer | undefined> => {
    const path = url.pathname;
    if (path === '/_state/accounts') {
      const code = url.searchParams.get('code');
      const accounts = app.accounts() as { code?: string }[];
      return { json: code === null ? accounts : accounts.filter(account => account.code === code) };
    }
    if (path.startsWith('/_state/')) {
      const state = app.state?.(path.slice('/_state/'.length));
      if (state !== undefined) return { json: state };
    }
    if (path === '/_faults' && request.method === 'GET') return { json: faults.get() };
    if (path === '/_faults') {
      const fault = readFault(String(await readBody(request)), knownFaults);
      if (fault === undefined) return { status: 400, json: { error: `mode: ${knownFaults.join(' | ')}` } };
      faults.set(fault);
      app.setFault?.(fault.mode);
      return { json: faults.get() };
    }
    if (path === '/_confirm' && request.method === 'POST' && app.confirm)
      return {
        json: app.confirm(JSON.parse(String(await readBody(request)) || '{}') as Record<string, unknown>),
      };
    if (path === '/_actions' && app.act)
      return {
        json: (await app.act(JSON.parse(String(await readBody(request))) as Record<string, unknown>)) ?? {},
      };
    return undefined;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const controlled = await control(request, url);
    if (controlled !== undefined) return send(response, controlled);
    const bytes = await readBody(request);
    const fault = await faults.spoil(request, response);
    if (fault === undefined) return;
    send(
      response,
      await app.handle({
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: bytes.toString('utf8'),
        bytes,
        fault,
      }),
    );
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(error => {
      if (!response.headersSent) send(response, { status: 500, body: String((error as Error).message) });
      else request.socket.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    id: app.id,
    origin,
    async stop() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await app.close?.();
    },
  };
};
