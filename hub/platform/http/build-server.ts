import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { AppError } from '#hub/platform/errors.ts';
import { sendAnswer } from '#hub/platform/http/answer.ts';
import { answerBrokenRequest } from '#hub/platform/http/answer-broken-request.ts';
import type { Authenticate } from '#hub/platform/http/authenticate-request.ts';
import { handUpgrades, upgradesOf } from '#hub/platform/http/hand-upgrades.ts';
import type { Idempotency } from '#hub/platform/http/keep-answers.ts';
import { type Mount, mountServer } from '#hub/platform/http/mount.ts';
import { answerError, type Edge, mountRoute } from '#hub/platform/http/mount-route.ts';
import { readJsonBodies } from '#hub/platform/http/read-json.ts';
import { refuseOtherMethods } from '#hub/platform/http/refuse-other-methods.ts';
import { addRequestState, prepareRequest, type UnderWay } from '#hub/platform/http/request-state.ts';
import type { Route } from '#hub/platform/http/route.ts';
import { setSecurityHeaders } from '#hub/platform/http/set-security-headers.ts';
import type { Log } from '#hub/platform/log.ts';

/** What a client may send, and how slowly. */
export interface Limits {
  /** The largest JSON body, in bytes. Raw routes hold their own limit. */
  jsonBytes: number;
  /** For the header lines to arrive. */
  headersTimeoutMs: number;
  /** For the whole request to arrive: enough for 200 MB at 6 Mbit/s. */
  requestTimeoutMs: number;
  /** How often the two are looked at. */
  checkTimeoutsMs: number;
}
const usualLimits: Limits = {
  jsonBytes: 10 * 1024 * 1024,
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 300_000,
  checkTimeoutsMs: 10_000,
};

/** Stands for the status where the client left before there was one (as in nginx). */
const clientGone = 499;

/** One finished request. `route` is the path's pattern: what was asked for may hold personal data. */
export interface Observation {
  method: string;
  route: string;
  status: number;
  ms: number;
}

export interface ServerOptions {
  routes: Route[];
  mounts?: Mount[];
  log: Log;
  authenticate: Authenticate;
  /** Without it `Idempotency-Key` is not heeded. */
  idempotency?: Idempotency;
  limits?: Partial<Limits>;
  /** Addresses or networks of proxies whose `X-Forwarded-For` is believed; loopback by default. */
  trustedProxies?: string[];
  observe?(observation: Observation): void;
}

/** Looks at a request when its connection is done with it: those that the client broke off count too. */
const observeRequest = (
  request: FastifyRequest,
  reply: FastifyReply,
  { log, observe }: ServerOptions,
): void => {
  const startedAt = performance.now();
  reply.raw.once('close', () => {
    const seen: Observation = {
      method: request.method,
      route: request.routeOptions?.config.path ?? request.routeOptions?.url ?? 'unknown',
      status: reply.raw.headersSent ? reply.raw.statusCode : clientGone,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
    };
    const brokenOff = reply.raw.writableFinished ? {} : { brokenOff: true };
    const level = request.routeOptions?.config.quiet ? 'debug' : 'info';
    log[level](
      { ...seen, ...brokenOff, requestId: request.id, clientId: request.caller.clientId },
      'request',
    );
    observe?.(seen);
  });
};

/**
 * Below an address such as `/scim/v2` even what no route answers is told in the form of that standard: a route that
 * has it, by the first two parts of an address.
 */
const findForms = (routes: Route[]): ((url: string) => Route | undefined) => {
  const baseOf = (path: string): string => path.split(/[/?]/, 3).join('/');
  const forms = new Map(
    routes.flatMap(route =>
      route.renderError && baseOf(route.path) !== route.path ? [[baseOf(route.path), route]] : [],
    ),
  );
  return url => forms.get(baseOf(url));
};

/**
 * The HTTP edge: mounts routes and sees to everything that they have in common (see `Route`). Not yet
 * listening; further Fastify plugins may be registered. `close()` refuses new requests with 503
 * `not-ready`, ends streamed answers, tells those that wait for news to answer now, and waits for the rest.
 */
export const buildServer = (options: ServerOptions): FastifyInstance => {
  const { routes, mounts = [], trustedProxies = ['loopback'] } = options;
  const limits = { ...usualLimits, ...options.limits };
  const edge: Edge = { ...options, streams: new Set<Readable>() };
  const underWay: UnderWay = new Set();
  let closing = false;

  const formOf = findForms(routes);
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    sendAnswer(request, reply, answerError(error, request, edge, formOf(request.url)), edge.streams);

  const app = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: limits.jsonBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: 75_000,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.checkTimeoutsMs,
      ...upgradesOf(mounts),
    },
    trustProxy: trustedProxies,
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: false },
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket as Socket),
    // An address that cannot be decoded comes to no hook.
    frameworkErrors: (error: FastifyError, request, reply) => {
      prepareRequest(request as FastifyRequest, reply, underWay);
      observeRequest(request as FastifyRequest, reply, options);
      setSecurityHeaders(request as FastifyRequest, reply);
      fail(error, request as FastifyRequest, reply);
    },
  });

  addRequestState(app, underWay);
  app.addHook('onSend', async (request, reply) => {
    setSecurityHeaders(request, reply);
    // A connection kept alive would hold up the end until it times out.
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onRequest', async (request, reply) => observeRequest(request, reply, options));
  readJsonBodies(app);
  app.addHook('onRequest', async request => {
    if (closing) throw new AppError('not-ready');
    if (request.is404) throw new AppError('not-found');
  });
  app.addHook('preClose', async () => {
    closing = true;
    for (const waiting of underWay) waiting.abort();
    for (const stream of edge.streams) stream.destroy();
  });
  app.setErrorHandler(fail);
  app.setNotFoundHandler((request, reply) => fail(new AppError('not-found'), request, reply));

  for (const route of routes) if (!route.raw) mountRoute(app, route, edge);
  refuseOtherMethods(app, routes);
  app.register(async uploads => {
    uploads.removeAllContentTypeParsers();
    uploads.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const route of routes) if (route.raw) mountRoute(uploads, route, edge);
    for (const mount of mounts) mountServer(uploads, mount);
  });
  handUpgrades(app, mounts, trustedProxies);
  return app;
};
