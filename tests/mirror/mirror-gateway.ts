import { type Gateway, startGateway } from '#hub/gateway/start-gateway.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { NatsConnectionDetails } from '#schemas/nats-access.ts';
import { type MirrorHub, startMirrorHub } from '#tests/mirror/mirror-hub.ts';
import type { TestNats } from '#tests/mirror/nats-server.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { getToken } from '#tests/support/get-token.ts';

/** What an app is told when it gets access. */
export type Access = NatsConnectionDetails & { user: string; password: string };

export interface MirrorGateway {
  hub: MirrorHub;
  /** A token of a new client: of an app, or of none. */
  tokenFor(appId: string | undefined, ...scopes: string[]): Promise<string>;
  ask(method: string, path: string, token: string, body?: unknown): Promise<Response>;
  /** Access for an app, as an administrator asks for it. */
  grant(app: string, body?: object): Promise<Access>;
  stop(): Promise<void>;
}

/** Mirror, apps and sign-on behind HTTP. */
export const startMirrorGateway = async (
  nats: TestNats,
  options: { nats?: PartContext['nats'] } = {},
): Promise<MirrorGateway> => {
  const port = await chooseFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const hub = await startMirrorHub(nats, { ...options, config: { port, origin } });
  const gateway: Gateway = await startGateway(
    hub.context,
    hub.parts.flatMap(part => part.routes ?? []),
    async () => ({ ready: true, roles: {} }),
    hub.parts.flatMap(part => part.mounts ?? []),
  );
  const tokenFor: MirrorGateway['tokenFor'] = (appId, ...scopes) =>
    getToken({ call: hub.call, origin }, appId, scopes);
  const ask: MirrorGateway['ask'] = (method, path, token, body) =>
    fetch(origin + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const admin = await tokenFor(undefined, 'admin');
  return {
    hub,
    tokenFor,
    ask,
    async grant(app, body = {}) {
      const answer = await ask('PUT', `/api/v1/apps/${app}/nats`, admin, { enabled: true, ...body });
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()) as Access;
    },
    async stop() {
      await gateway.stop();
      await hub.stop();
    },
  };
};
