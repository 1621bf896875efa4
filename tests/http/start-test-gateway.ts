import createApps from '#hub/apps/apps.service.ts';
import { type Gateway, startGateway } from '#hub/gateway/start-gateway.ts';
import type { Route } from '#hub/platform/http/route.ts';
import createSso from '#sso/sso.service.ts';
import { createLogBook } from '#tests/http/start-edge.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { getToken } from '#tests/support/get-token.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

export interface TestGateway {
  hub: TestHub;
  gateway: Gateway;
  origin: string;
  lines: string[];
  /** What `readyz` tells from now on. */
  setReady(ready: boolean): void;
  /** A token of a new client with these scopes. */
  tokenFor(...scopes: string[]): Promise<string>;
  /** A request with a token; `body` is sent as JSON. */
  ask(method: string, path: string, options?: { token?: string; body?: unknown }): Promise<Response>;
  stop(): Promise<void>;
}

/** Apps, sign-on and gateway together on a free port, on a database of their own. */
export const startTestGateway = async (routes: Route[] = []): Promise<TestGateway> => {
  const port = await chooseFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const hub = await createTestHub([createApps, createSso], { config: { port, origin } });
  const { log, lines } = createLogBook();
  let ready = true;
  const gateway = await startGateway(
    { ...hub.context, log },
    [...hub.parts.flatMap(part => part.routes ?? []), ...routes],
    async () => ({ ready, roles: { hub: ready } }),
    hub.parts.flatMap(part => part.mounts ?? []),
  );
  const ask: TestGateway['ask'] = (method, path, { token, body } = {}) =>
    fetch(origin + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  return {
    hub,
    gateway,
    origin,
    lines,
    ask,
    setReady(is) {
      ready = is;
    },
    tokenFor: (...scopes) => getToken({ call: hub.call, origin }, undefined, scopes),
    async stop() {
      await gateway.stop();
      await hub.stop();
    },
  };
};
