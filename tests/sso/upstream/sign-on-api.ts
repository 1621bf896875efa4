import assert from 'node:assert/strict';
import type { Problem } from '#tests/http/start-edge.ts';
import type { SignOn } from '#tests/sso/start-sign-on.ts';
import { getToken } from '#tests/support/get-token.ts';

/** The API of the sign-on as the IT centre uses it. A path that does not begin with `/` is below `/api/v1/sign-on`. */
export interface SignOnApi {
  get<T>(path: string): Promise<T>;
  put<T>(path: string, body: object): Promise<T>;
  post<T>(path: string): Promise<T>;
  remove(path: string): Promise<void>;
  /** The problem that a request is answered with. */
  refused(method: string, path: string, body?: object): Promise<Problem>;
}

export const callSignOn = async ({ hub, origin }: SignOn): Promise<SignOnApi> => {
  const token = await getToken({ call: hub.call, origin }, undefined, ['admin']);
  const ask = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(origin + (path.startsWith('/') ? path : `/api/v1/sign-on/${path}`), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const good = async <T>(answer: Response): Promise<T> => {
    const text = await answer.text();
    assert.ok(answer.ok, `${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    get: async path => good(await ask('GET', path)),
    put: async (path, body) => good(await ask('PUT', path, body)),
    post: async path => good(await ask('POST', path)),
    remove: async path => good(await ask('DELETE', path)),
    async refused(method, path, body) {
      const answer = await ask(method, path, body);
      assert.ok(!answer.ok);
      return (await answer.json()) as Problem;
    },
  };
};
