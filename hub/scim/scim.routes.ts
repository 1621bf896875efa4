import { Type } from 'typebox';
import { Reply, type Route, type RouteRequest } from '#hub/platform/http/route.ts';
import { runBulk } from '#hub/scim/bulk/run-bulk.ts';
import { listGroups } from '#hub/scim/groups/read-groups.ts';
import { requireSchema } from '#hub/scim/patch/apply-patch.ts';
import { type Operation, type Performed, perform } from '#hub/scim/perform.ts';
import type { createViews } from '#hub/scim/read/open-view.ts';
import { readQuestion, readSearchBody, readWanted } from '#hub/scim/read/read-question.ts';
import { renderScimError, ScimError, scimType } from '#hub/scim/scim-error.ts';
import { listUsers, type ScimDeps } from '#hub/scim/users/read-users.ts';
import { ScimBody, type ScimObject, ScimQuestion, scimUrns } from '#schemas/scim.ts';

const common = { scope: 'scim', tag: 'scim', renderError: renderScimError } as const;
/** What bodies are; that they are JSON under another name is taken too. */
const contentTypes = ['application/scim+json', 'application/json'];
const Id = Type.Object({ id: Type.String() });
const kinds = ['Users', 'Groups'] as const;
const summaries = {
  GET: 'One, as the client may see it',
  PUT: 'Replace what is given; only attributes that the client owns',
  PATCH: 'Change single attributes; only those that the client owns',
  DELETE: 'Say that somebody has left; nobody is forgotten',
} as const;

const header = ({ headers }: RouteRequest, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

const toReply = ({ status, resource, location, version }: Performed): Reply =>
  new Reply(status, resource, {
    ...(resource === undefined ? {} : { 'content-type': scimType }),
    ...(location === undefined ? {} : { location }),
    ...(version === undefined ? {} : { etag: version }),
  });
const toScim = (body: ScimObject): Reply => new Reply(200, body, { 'content-type': scimType });

/** Names the request in the history; one repeated under an idempotency key never comes here twice. */
const originOf = ({ caller, requestId }: RouteRequest): string => `scim/${caller.clientId}/${requestId}`;

/** `/scim/v2`: Users, Groups, the person who has signed in, search and bulk. */
export const scimRoutes = (deps: ScimDeps, viewOf: ReturnType<typeof createViews>): Route[] => {
  const one = async (
    request: RouteRequest,
    kind: Operation['kind'],
    method: Operation['method'],
  ): Promise<Reply> => {
    const { id } = request.params;
    return toReply(
      await perform(deps, await viewOf(request.caller), {
        method,
        kind,
        ...(id === undefined ? {} : { id }),
        body: request.body,
        preconditions: {
          ifMatch: header(request, 'if-match'),
          ifNoneMatch: header(request, 'if-none-match'),
        },
        wanted: readWanted(request.query),
        origin: originOf(request),
      }),
    );
  };
  const list = { Users: listUsers, Groups: listGroups };
  const ofKind = (kind: Operation['kind']): Route[] => [
    {
      ...common,
      method: 'GET',
      path: `/scim/v2/${kind}`,
      summary: `Find ${kind} by filter, in order, by page`,
      query: ScimQuestion,
      handle: async ({ query, caller }) =>
        toScim(await list[kind](deps, await viewOf(caller), readQuestion(query))),
    },
    {
      ...common,
      method: 'POST',
      path: `/scim/v2/${kind}/.search`,
      summary: `Find ${kind}, the question in the body`,
      body: ScimBody,
      contentTypes,
      handle: async ({ body, caller }) => {
        const question = readQuestion(readSearchBody(requireSchema(body, scimUrns.searchRequest)));
        return toScim(await list[kind](deps, await viewOf(caller), question));
      },
    },
    {
      ...common,
      method: 'POST',
      path: `/scim/v2/${kind}`,
      summary:
        kind === 'Users'
          ? 'Hire somebody, or take them back (HR only)'
          : 'Refused: units are kept by the hub',
      status: 201,
      body: ScimBody,
      contentTypes,
      handle: request => one(request, kind, 'POST'),
    },
    ...(['GET', 'PUT', 'PATCH', 'DELETE'] as const).map(
      (method): Route => ({
        ...common,
        method,
        path: `/scim/v2/${kind}/{id}`,
        summary: `${summaries[method]}${kind === 'Groups' && method !== 'GET' ? ' (refused)' : ''}`,
        params: Id,
        ...(method === 'PUT' || method === 'PATCH' ? { body: ScimBody, contentTypes } : {}),
        handle: request => one(request, kind, method),
      }),
    ),
  ];
  /** Whoever signed in, as any other user (RFC 7644 §3.11). @throws {ScimError} `nobody-signed-on`: a program asks */
  const me = (request: RouteRequest, method: Operation['method']): Promise<Reply> => {
    const { staffId } = request.caller;
    if (staffId === undefined) throw new ScimError('nobody-signed-on');
    return one({ ...request, params: { id: staffId } }, 'Users', method);
  };
  return [
    ...kinds.flatMap(ofKind),
    ...(['GET', 'PUT', 'PATCH', 'DELETE'] as const).map(
      (method): Route => ({
        ...common,
        method,
        path: '/scim/v2/Me',
        summary: `Who has signed in: ${summaries[method].toLowerCase()}; 501 for a program`,
        ...(method === 'PUT' || method === 'PATCH' ? { body: ScimBody, contentTypes } : {}),
        handle: async request => me(request, method),
      }),
    ),
    {
      ...common,
      method: 'POST',
      path: '/scim/v2/Bulk',
      summary: 'Many operations in one request, each on its own',
      body: ScimBody,
      contentTypes,
      handle: async request => {
        const { body, caller, language } = request;
        return toScim(
          await runBulk(deps, await viewOf(caller), { body, origin: originOf(request), language }),
        );
      },
    },
  ];
};
