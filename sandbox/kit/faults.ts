import type { IncomingMessage, ServerResponse } from 'node:http';

const modes = ['ok', 'down', 'slow', 'error', 'hang', 'half', 'error-page', 'busy'] as const;

/** How a sandbox app misbehaves until told otherwise. `share` (0–1) hits only some calls, seeded by order. */
export interface Fault {
  /** One of `modes`, or one that the app itself plays (`SandboxApp.ownFaults`). */
  mode: string;
  /** Only calls whose path begins so; every call when absent. */
  path?: string;
  /** For `slow`. */
  delayMs?: number;
  /** 1 by default: every call. */
  share?: number;
  /** How many calls are hit before all is well again; endless by default. */
  count?: number;
  /** For `busy` (429): seconds of Retry-After. */
  retryAfter?: number;
}

export const faultModes: readonly string[] = modes;

/** What `POST /_faults` was told; undefined when it names no mode that there is. */
export const readFault = (text: string, known: readonly string[]): Fault | undefined => {
  const fault = JSON.parse(text) as Fault;
  return known.includes(fault?.mode) ? fault : undefined;
};

/** Decides for one call whether it is spoilt. */
export const createFaults = () => {
  let fault: Fault = { mode: 'ok' };
  let calls = 0;
  const applies = (path: string): boolean => {
    if (fault.mode === 'ok' || !path.startsWith(fault.path ?? '')) return false;
    calls += 1;
    const share = fault.share ?? 1;
    if (Math.floor(calls * share) === Math.floor((calls - 1) * share)) return false;
    if (fault.count !== undefined) {
      fault.count -= 1;
      if (fault.count < 0) fault = { mode: 'ok' };
    }
    return fault.mode !== 'ok';
  };
  return {
    set(next: Fault) {
      fault = { ...next };
      calls = 0;
    },
    get: () => fault,
    /** Undefined: the call was spoilt, and is over. Otherwise what the app plays: `ok`, or a fault of its own. */
    async spoil(request: IncomingMessage, response: ServerResponse): Promise<string | undefined> {
      if (!applies(request.url ?? '/')) return 'ok';
      switch (fault.mode) {
        case 'down':
          request.socket.destroy();
          return undefined;
        case 'hang':
          return undefined;
        case 'slow':
          await new Promise(resolve => setTimeout(resolve, fault.delayMs ?? 3000));
          return 'ok';
        case 'error':
          response.writeHead(500, { 'content-type': 'text/plain' }).end('internal error');
          return undefined;
        case 'busy':
          response.writeHead(429, { 'retry-after': String(fault.retryAfter ?? 1) }).end();
          return undefined;
        case 'error-page':
          response
            .writeHead(200, { 'content-type': 'text/html' })
            .end('<html><body>Đang bảo trì</body></html>');
          return undefined;
        case 'half':
          response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
          response.write('{"half":', () => request.socket.destroy());
          return undefined;
        default:
          return fault.mode;
      }
    },
  };
};
export type Faults = ReturnType<typeof createFaults>;
