import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorStatus } from '#hub/platform/errors.ts';
import type { Described } from '#hub/platform/http/mount.ts';
import { scopes } from '#schemas/app.ts';

/** A JSON Schema or a part of an OpenAPI document: plain data. */
type Json = Record<string, unknown>;

const packageFile = join(import.meta.dirname, '..', '..', 'package.json');
/** The version that the descriptions of the API carry. */
export const { version: apiVersion } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };

const Problem: Json = {
  type: 'object',
  description: 'RFC 9457. The words are Vietnamese, or English by Accept-Language.',
  required: ['type', 'title', 'status', 'code', 'detail', 'instance'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable', examples: Object.keys(errorStatus) },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'urn:uuid of the request' },
    params: { type: 'object', description: 'What the words were filled with, by name' },
    reference: { type: 'string', description: 'With internal: what to tell the IT centre' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code'],
        properties: {
          in: { enum: ['body', 'query', 'path'] },
          pointer: { type: 'string', description: 'JSON pointer' },
          row: { type: 'integer' },
          field: { type: 'string' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
  },
};

const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `GET /api/v1/apps/{id}/clients` is `getAppsByIdClients`. */
const operationIdOf = ({ method, path }: Described): string => {
  const words = path
    .replace(/^\/api\/v\d+/, '')
    .replace(/\{(\w+)\}/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter(word => word !== '');
  return method.toLowerCase() + (words.length === 0 ? 'Root' : words.map(capitalise).join(''));
};

const parametersOf = (schema: object | undefined, place: 'query' | 'path'): Json[] => {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(typeof of.description === 'string' ? { description: of.description } : {}),
    schema: of,
  }));
};

const pathParametersOf = (route: Described): Json[] => {
  const described = parametersOf(route.params, 'path');
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(match => match[1]!);
  return names.map(
    name =>
      described.find(parameter => parameter.name === name) ?? {
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      },
  );
};

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key with the same request gives the stored answer for 48 hours.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const contentOf = (route: Described): Json | undefined => {
  const types = route.contentTypes ?? (route.raw ? ['application/octet-stream'] : ['application/json']);
  if (route.body === undefined && !route.raw) return undefined;
  return Object.fromEntries(types.map(type => [type, route.body ? { schema: route.body } : {}]));
};

const describeRoute = (route: Described): Json => {
  const status = String(route.status ?? 200);
  const content = contentOf(route);
  const parameters = [
    ...pathParametersOf(route),
    ...parametersOf(route.query, 'query'),
    ...(route.method === 'POST' && route.scope !== 'public' ? [idempotencyKey] : []),
  ];
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return {
    operationId: operationIdOf(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(content === undefined ? {} : { requestBody: { required: true, content } }),
    responses: {
      [status]: {
        description: 'Done',
        ...(route.answer === undefined ? {} : { content: { 'application/json': { schema: route.answer } } }),
      },
      default: route.renderError
        ? { description: 'An error in the form of its own standard', content: { 'application/json': {} } }
        : { description: 'A problem', content: problem },
    },
    security: route.scope === 'public' ? [] : [{ oauth2: [route.scope] }],
  };
};

/** OpenAPI 3.1 of the routes: their schemas are JSON Schema 2020-12 already and go in as they are. */
export const describeRoutes = (routes: Described[], origin: string): Json => {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method.toLowerCase()] = describeRoute(route);
  }
  const named = Object.fromEntries(scopes.map(scope => [scope, scope]));
  const document = {
    openapi: '3.1.1',
    info: {
      title: 'Liên Thông',
      version: apiVersion,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    externalDocs: { url: `${origin}/api/asyncapi.json`, description: 'Events: AsyncAPI 3.0' },
    servers: [{ url: origin }],
    tags: [...new Set(routes.map(route => route.tag))].map(name => ({ name })),
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: {
        oauth2: {
          type: 'oauth2',
          flows: {
            clientCredentials: { tokenUrl: `${origin}/sso/token`, scopes: named },
            authorizationCode: {
              authorizationUrl: `${origin}/sso/auth`,
              tokenUrl: `${origin}/sso/token`,
              refreshUrl: `${origin}/sso/token`,
              scopes: named,
            },
          },
        },
      },
    },
  };
  // Once as text and back: schemas lose what is not JSON.
  return JSON.parse(JSON.stringify(document));
};
