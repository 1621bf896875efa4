import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseAway } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { type Answer, sendAnswer, toAnswer } from '#hub/platform/http/answer.ts';
import { type Authenticate, authenticateRequest } from '#hub/platform/http/authenticate-request.ts';
import { compileCheck } from '#hub/platform/http/check-request.ts';
import { describeCause } from '#hub/platform/http/describe-cause.ts';
import { guardUpload, tooLarge } from '#hub/platform/http/guard-upload.ts';
import { cameByInternetDoor } from '#hub/platform/http/internet-door.ts';
import type { Idempotency } from '#hub/platform/http/keep-answers.ts';
import { fingerprintOf, readIdempotencyKey } from '#hub/platform/http/read-idempotency-key.ts';
import { renderProblem } from '#hub/platform/http/render-problem.ts';
import type { Caller, Route, RouteRequest } from '#hub/platform/http/route.ts';
import { toAppError } from '#hub/platform/http/to-app-error.ts';
import type { Log } from '#hub/platform/log.ts';

/** What all routes of one server share. */
export interface Edge {
  log: Log;
  authenticate: Authenticate;
  idempotency?: Idempotency;
  /** Streamed answers under way. */
  streams: Set<Readable>;
}

/** An OpenAPI path in the router's form: `/staff/{id}` is `/staff/:id`. */
export const toRouterPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

/** The media types that a route takes, in words. */
const expectedBy = (route?: Route): string => route?.contentTypes?.join(', ') ?? 'application/json';

/** An error as an answer; what is our own fault is logged with its cause. */
export const answerError = (error: unknown, request: FastifyRequest, edge: Edge, route?: Route): Answer => {
  const shown = toAppError(error, { request, expected: expectedBy(route) });
  if (isDatabaseAway(shown.cause))
    edge.log.warn({ requestId: request.id, code: shown.code }, 'a request failed: the database is away');
  else if (shown.status >= 500) {
    const cause = shown.cause === undefined ? undefined : describeCause(shown.cause);
    edge.log.error({ requestId: request.id, code: shown.code, cause }, 'a request failed');
  }
  const render = route?.renderError?.bind(route);
  return toAnswer(
    render ? render(shown, request.language) : renderProblem(shown, request.language, request.id),
    {},
  );
};

/** A parameter given twice counts with its last value; those that were given are all text. */
const readQuery = (query: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query as Record<string, string | string[]>).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.at(-1)! : value,
    ]),
  );

const readRequest = (
  request: FastifyRequest,
  idempotencyKey: string | undefined,
): Omit<RouteRequest, 'stream'> => ({
  caller: request.caller,
  params: request.params as Record<string, string>,
  query: readQuery(request.query),
  body: request.body,
  language: request.language,
  idempotencyKey,
  headers: request.headers,
  requestId: request.id,
  address: request.ip,
  cameFrom: { internetDoor: cameByInternetDoor(request.raw), peer: request.socket.remoteAddress ?? '' },
  signal: request.gone,
});

/** Idempotency keys belong to a client; to each person apart where people use one. */
const keyOwnerOf = ({ clientId, staffId }: Caller): string =>
  staffId === undefined ? clientId : `${clientId} staff/${staffId}`;

const refuseOtherTypes = (request: FastifyRequest, route: Route): void => {
  if (!route.raw || route.contentTypes === undefined) return;
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type === undefined || !route.contentTypes.includes(type))
    throw new AppError('unsupported-media-type', { expected: expectedBy(route) });
};

/** What says itself that it is too large is not read at all. */
const refuseTooMuch = (request: FastifyRequest, { maxBytes, maxFileBytes }: Route): void => {
  if (maxBytes !== undefined && Number(request.headers['content-length'] ?? 0) > maxBytes)
    throw tooLarge(maxFileBytes ?? maxBytes);
};

/** Mounts one route: token, media type, length, schemas, idempotency key, handler, answer; in this order. */
export const mountRoute = (app: FastifyInstance, route: Route, edge: Edge): void => {
  const check = compileCheck(route);
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    sendAnswer(request, reply, answerError(error, request, edge, route), edge.streams);

  app.route({
    method: route.method,
    url: toRouterPath(route.path),
    config: { path: route.path, quiet: route.quiet ?? false },
    onRequest: async (request, reply) => {
      await authenticateRequest(request, reply, route, edge.authenticate);
      refuseOtherTypes(request, route);
      refuseTooMuch(request, route);
    },
    errorHandler: fail,
    handler: async (request, reply) => {
      const key = route.method === 'POST' ? readIdempotencyKey(request) : undefined;
      const asked = readRequest(request, key);
      check(asked, request.language);
      const work = async (): Promise<Answer> => {
        const upload = route.raw ? guardUpload(request.raw, request.language, route) : undefined;
        try {
          const stream = upload ?? request.raw;
          return toAnswer(await route.handle({ ...asked, stream }), route);
        } catch (error) {
          return answerError(error, request, edge, route);
        } finally {
          upload?.destroy();
        }
      };
      // Where there is no owner, one stranger's key must not find another's answer.
      const keeps = key !== undefined && route.scope !== 'public' ? edge.idempotency : undefined;
      const answer = keeps
        ? await keeps.run(
            {
              clientId: keyOwnerOf(request.caller),
              key: key!,
              fingerprint: fingerprintOf(request, !!route.raw),
            },
            work,
          )
        : await work();
      return sendAnswer(request, reply, answer, edge.streams);
    },
  });
};
