import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describeEvents } from '#hub/gateway/describe-events.ts';
import { apiVersion, describeRoutes } from '#hub/gateway/describe-routes.ts';
import { observeRequests } from '#hub/gateway/observe-requests.ts';
import { ownRoutes, type Readiness } from '#hub/gateway/own-routes.ts';
import { serveDocs } from '#hub/gateway/serve-docs.ts';
import { createTokenVerifier } from '#hub/gateway/verify-token.ts';
import { worksAlone } from '#hub/platform/config.ts';
import { buildServer } from '#hub/platform/http/build-server.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import { createInternetDoor } from '#hub/platform/http/internet-door.ts';
import { createIdempotency } from '#hub/platform/http/keep-answers.ts';
import type { Mount } from '#hub/platform/http/mount.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

/** The public port at work. */
export interface Gateway {
  /** How the outside reaches it. */
  origin: string;
  port: number;
  /** Refuses what is new, ends streams, waits up to 10 s for what is under way, then closes. */
  stop(): Promise<void>;
}

const hourMs = 3_600_000;
const graceMs = 10_000;

/**
 * Joins the routes of all parts behind the one public port (and `config.internetPort`, the same for the Internet), with its own beside them: health, readiness,
 * metrics, OpenAPI and its pages, AsyncAPI. Tokens are for `config.origin`: with `PORT=0` a port must be chosen
 * before, or tokens and discovery name port 0.
 */
export const startGateway = async (
  { call, config, db, log, secrets }: PartContext,
  routes: Route[],
  readiness: Readiness,
  mounts: Mount[] = [],
): Promise<Gateway> => {
  let document: object = {};
  const events = describeEvents(config.origin, apiVersion);
  const all = [
    ...routes,
    ...ownRoutes(
      readiness,
      () => document,
      () => events,
    ),
  ];
  document = describeRoutes([...all, ...mounts.flatMap(mount => mount.operations ?? [])], config.origin);

  const idempotency = createIdempotency({ db, secrets, log });
  if (worksAlone(config)) await idempotency.freeRunning();
  const app = buildServer({
    routes: all,
    mounts,
    log,
    authenticate: createTokenVerifier(call, config.origin),
    idempotency,
    trustedProxies: config.trustedProxies,
    observe: observeRequests(),
  });
  await serveDocs(app, document);
  await app.listen({ port: config.port, host: config.host });
  const { port } = app.server.address() as AddressInfo;
  const internetDoor = createInternetDoor(app.server);
  if (config.internetPort !== undefined)
    await once(internetDoor.listen(config.internetPort, config.host), 'listening');

  const tidy = (): Promise<unknown> =>
    idempotency
      .removeOld()
      .catch(cause => log.warn({ cause: describeCause(cause) }, 'old idempotency keys were not removed'));
  const timer = setInterval(tidy, hourMs).unref();
  void tidy();

  return {
    origin: config.port === 0 ? `http://localhost:${port}` : config.origin,
    port,
    async stop() {
      clearInterval(timer);
      const late = setTimeout(() => app.server.closeAllConnections(), graceMs);
      // What came in by it is the server's, and ends with it.
      internetDoor.close();
      await app.close();
      clearTimeout(late);
    },
  };
};
