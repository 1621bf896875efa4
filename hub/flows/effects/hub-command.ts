import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import type { Effect } from '#hub/flows/effects/effect.ts';
import { ownDoor } from '#hub/flows/own-door.ts';
import { AppError } from '#hub/platform/errors.ts';

const Command = Type.Object({
  method: Type.String({ enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] }),
  /** With its parameters filled in. */
  path: Type.String({ pattern: '^/api/v1/[^?#]*$', maxLength: 2000 }),
  query: Type.Optional(Type.Record(Type.String(), Type.String())),
  body: Type.Optional(Type.Unknown()),
});
const timeoutMs = 60_000;

/** The same for the same message and node: the hub answers a repeated POST as it did the first. */
const keyOf = (id: string): string => createHash('sha256').update(id).digest('base64url');

/**
 * One request of the hub's own API, as any client makes it, with the rights of the app `flows`. It goes to this process's own door:
 * every check there holds for flows, too.
 */
export const hubCommand: Effect = async ({ call, config }, given, id) => {
  if (!Check(Command, given))
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/input', code: 'hub-command' }] });
  const { method, path, query = {}, body } = given as Static<typeof Command>;
  const { token } = await call('sso.own-token', { client: 'flows' });
  const url = ownDoor(config, path);
  // A dot segment in a parameter would name another address.
  if (url.pathname !== path)
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/path', code: 'not-an-address' }] });
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'accept-language': 'vi',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' ? { 'idempotency-key': keyOf(id) } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const answer: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
  if (response.ok) return answer;
  const { code = 'internal', detail = response.statusText } = (answer ?? {}) as {
    code?: string;
    detail?: string;
  };
  throw new AppError('flow-call-failed', { app: path, code, text: detail });
};
