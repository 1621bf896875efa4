import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { Reply } from '#hub/platform/http/route.ts';
import {
  bearer,
  echoRoute,
  type Problem,
  type RunningEdge,
  read,
  startEdge,
  until,
} from '#tests/http/start-edge.ts';

const json = { 'content-type': 'application/json' };

/** Sends bytes as they are and gives everything that comes back. */
const speak = (port: number, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', chunk => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

describe('The HTTP edge', () => {
  let edge: RunningEdge;
  let uploads = 0;
  const post = (body: string | Buffer | undefined, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${edge.origin}/api/v1/echo`, {
      method: 'POST',
      headers: { ...bearer('reader'), ...json, ...headers },
      body,
    });

  before(async () => {
    edge = await startEdge({
      limits: { headersTimeoutMs: 300, requestTimeoutMs: 300, checkTimeoutsMs: 50 },
      routes: [
        echoRoute(),
        echoRoute({
          method: 'GET',
          path: '/api/v1/people/{id}',
          body: undefined,
          params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
          query: Type.Object({
            limit: Type.Optional(Type.Integer({ maximum: 500 })),
            q: Type.Optional(Type.String()),
          }),
          handle: async ({ query }) => ({ limit: query.limit ?? null }),
        }),
        echoRoute({ method: 'PUT', path: '/api/v1/salary', scope: 'hr.salary' }),
        echoRoute({
          method: 'GET',
          path: '/api/v1/broken',
          body: undefined,
          handle: async () => {
            throw new Error('the password of nguyenvana is hunter2');
          },
        }),
        echoRoute({
          method: 'GET',
          path: '/api/v1/locked',
          body: undefined,
          handle: async () => {
            throw new AppError('code-held-by-another', { code: 'A1', holder: 'B' });
          },
        }),
        echoRoute({
          method: 'GET',
          path: '/page',
          scope: 'public',
          body: undefined,
          handle: async () =>
            new Reply(200, '<p>Xin chào</p>', { 'Content-Type': 'text/html; charset=utf-8' }),
        }),
        echoRoute({
          method: 'GET',
          path: '/api/v1/away',
          body: undefined,
          handle: async () => {
            throw Object.assign(new Error('connect ENOENT'), { code: 'ENOENT', syscall: 'connect' });
          },
        }),
        echoRoute({
          path: '/api/v1/upload',
          raw: true,
          maxBytes: 2048,
          body: undefined,
          async handle({ stream }) {
            uploads += 1;
            let size = 0;
            for await (const chunk of stream) size += chunk.length;
            return { size };
          },
        }),
        echoRoute({ path: '/api/v1/nothing', body: undefined, handle: async () => undefined }),
      ],
    });
  });
  after(() => edge.close());

  it('refuses a query parameter that it does not have, and names those that it has', async () => {
    const id = '0b6b7c1e-5d0e-4c9b-9d0f-0d5a3a1f6b11';
    const answer = await fetch(`${edge.origin}/api/v1/people/${id}?Limit=5`, { headers: bearer('reader') });
    const { status, errors } = await read(answer);
    assert.deepEqual([status, errors.length], [400, 1]);
    assert.deepEqual([errors[0]!.pointer, errors[0]!.code], ['/Limit', 'unknown-parameter']);
    assert.match(errors[0]!.detail, /limit/);
  });

  it('answers 401 with a challenge before it looks at the body', async () => {
    const answer = await post('{"wrong', { authorization: '' });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="lienthong"');
    assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8');
    assert.equal((await read(answer)).code, 'unauthenticated');
  });

  it('says invalid_token for a token that does not hold', async () => {
    const answer = await post('{}', bearer('forged'));
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate')!, /error="invalid_token"/);
  });

  it('takes no token from the address', async () => {
    const answer = await fetch(`${edge.origin}/api/v1/broken?access_token=reader`);
    assert.equal(answer.status, 401);
  });

  it('answers 403 with the scope that is lacking, and lets admin do everything', async () => {
    const put = (token: string) =>
      fetch(`${edge.origin}/api/v1/salary`, {
        method: 'PUT',
        headers: { ...bearer(token), ...json },
        body: '{"name":"An"}',
      });
    const answer = await put('reader');
    assert.equal(answer.status, 403);
    assert.match(answer.headers.get('www-authenticate')!, /insufficient_scope.*scope="hr.salary"/);
    assert.match((await read(answer)).detail, /hr\.salary/);
    assert.equal((await put('admin')).status, 200);
  });

  it('tells every fault with its place, in Vietnamese first', async () => {
    const answer = await post('{"age":-1,"kind":"c","nick/name":1}');
    assert.equal(answer.status, 400);
    const problem = await read(answer);
    assert.equal(problem.type, '/problems/invalid-request');
    assert.equal(problem.code, 'invalid-request');
    assert.equal(problem.status, 400);
    assert.equal(problem.title, 'Yêu cầu không hợp lệ');
    assert.equal(problem.instance, `urn:uuid:${answer.headers.get('x-request-id')}`);
    assert.equal(answer.headers.get('content-language'), 'vi');
    const faults = new Map(problem.errors.map(fault => [fault.pointer, fault]));
    assert.deepEqual([...faults.keys()].sort(), ['/age', '/kind', '/name', '/nick~1name']);
    assert.deepEqual(faults.get('/name'), {
      in: 'body',
      pointer: '/name',
      code: 'required',
      detail: 'Thiếu thông tin bắt buộc này.',
    });
    assert.deepEqual(faults.get('/kind'), {
      in: 'body',
      pointer: '/kind',
      code: 'not-allowed',
      detail: 'Chỉ nhận một trong các giá trị: a, b.',
    });
  });

  it('speaks English to those who ask for it', async () => {
    const problem = await read(post('{}', { 'accept-language': 'en-GB,vi;q=0.5' }));
    assert.equal(problem.title, 'Invalid request');
    assert.equal(problem.errors[0]!.detail, 'This is required and missing.');
  });

  it('checks path and query as text and hands them on as text', async () => {
    const get = (path: string) =>
      fetch(`${edge.origin}/api/v1/people/${path}`, { headers: bearer('reader') });
    const id = '0d2b1f9e-3f0e-4c58-9f43-0a9a3f2b7c11';
    assert.deepEqual(await read(get(`${id}?limit=5`)), { limit: '5' });
    const problem = await read(get('me?limit=many'));
    assert.deepEqual(
      problem.errors.map(fault => [fault.in, fault.pointer, fault.code]),
      [
        ['path', '/id', 'wrong-format'],
        ['query', '/limit', 'wrong-type'],
      ],
    );
    assert.equal((await read(get(`${id}?limit=%00`))).errors[0]!.code, 'bad-text');
  });

  it('refuses what is no JSON, no UTF-8, or holds a NUL or half a character', async () => {
    const bodies: [string | Buffer, RegExp][] = [
      ['{"name":', /JSON/],
      [Buffer.from([0x22, 0xc3, 0x28, 0x22]), /UTF-8/],
      ['{"name":"a\\u0000b"}', /NUL/],
      ['{"name":"a\\ud800b"}', /Unicode/],
      ['{"__proto__":{"admin":true},"name":"An"}', /cấm/],
    ];
    for (const [body, reason] of bodies) {
      const answer = await post(body);
      const problem = await read(answer);
      assert.equal(answer.status, 400);
      assert.equal(problem.code, 'malformed-body');
      assert.match(problem.detail, reason);
    }
    assert.deepEqual(await read(post('{"name":"An \\ud83d\\ude00"}')), { name: 'An 😀' });
  });

  it('tells a missing body, and needs none where none is described', async () => {
    assert.equal((await read(post(''))).errors[0]!.code, 'required');
    const answer = await fetch(`${edge.origin}/api/v1/nothing`, {
      method: 'POST',
      headers: { ...bearer('reader'), ...json },
    });
    assert.equal(answer.status, 204);
  });

  it('answers 413 to more than 10 MB and 415 to other types', async () => {
    const answer = await post(`{"name":"${'a'.repeat(10 * 1024 * 1024)}"}`);
    assert.equal(answer.status, 413);
    const problem = await read(answer);
    assert.equal(problem.code, 'too-large');
    assert.match(problem.detail, /10 MB/);
    const xml = await post('<a/>', { 'content-type': 'application/xml' });
    assert.equal(xml.status, 415);
    assert.match((await read(xml)).detail, /application\/json/);
  });

  describe('with uploads larger than the limit', () => {
    const head = 'POST /api/v1/upload HTTP/1.1\r\nhost: a\r\nauthorization: Bearer reader\r\n';
    const isRefused = (answer: string): void => {
      assert.match(answer, /^HTTP\/1\.1 413 /);
      assert.match(answer, /"code":"too-large".*"limit":"2 KB"/);
    };

    it('refuses by Content-Length what has not been sent yet, and closes', async () => {
      const before = uploads;
      isRefused(await speak(edge.port, `${head}content-length: 2049\r\n\r\n`));
      assert.equal(uploads, before);
    });

    it('refuses what comes in chunks as soon as it is too much, and closes', async () => {
      const chunk = `400\r\n${'a'.repeat(1024)}\r\n`;
      // More is never sent, nor is it ended: only an answer in the middle ends this.
      isRefused(await speak(edge.port, `${head}transfer-encoding: chunked\r\n\r\n${chunk.repeat(3)}`));
    });

    it('takes what is just as large as allowed', async () => {
      const upload = { method: 'POST', headers: bearer('reader'), body: 'a'.repeat(2048) };
      assert.deepEqual(await read(fetch(`${edge.origin}/api/v1/upload`, upload)), { size: 2048 });
    });
  });

  it('says in one line of the log that the database is away', async () => {
    const answer = await fetch(`${edge.origin}/api/v1/away`, { headers: bearer('reader') });
    assert.equal(answer.status, 503);
    const requestId = answer.headers.get('x-request-id')!;
    const told = edge.lines.filter(line => line.includes(requestId) && line.includes('is away'));
    assert.equal(told.length, 1);
    assert.ok(!told[0]!.includes('    at ') && !told[0]!.includes('frames'));
  });

  it('answers 404 and 405 as problems, OPTIONS with what is allowed, HEAD without a body', async () => {
    const missing = await fetch(`${edge.origin}/api/v1/nowhere`, {
      method: 'POST',
      headers: json,
      body: '{"',
    });
    assert.equal(missing.status, 404);
    assert.equal((await read(missing)).code, 'not-found');
    const wrong = await fetch(`${edge.origin}/api/v1/echo`, { method: 'DELETE' });
    assert.equal(wrong.status, 405);
    assert.equal(wrong.headers.get('allow'), 'POST, OPTIONS');
    assert.equal((await read(wrong)).code, 'method-not-allowed');
    const options = await fetch(`${edge.origin}/page`, { method: 'OPTIONS' });
    assert.equal(options.status, 204);
    assert.equal(options.headers.get('allow'), 'GET, HEAD, OPTIONS');
    const head = await fetch(`${edge.origin}/page`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
    assert.equal((await fetch(`${edge.origin}/%zz`)).status, 400);
  });

  it('keeps what went wrong inside to itself and gives a reference that the log knows', async () => {
    const answer = await fetch(`${edge.origin}/api/v1/broken`, { headers: bearer('reader') });
    assert.equal(answer.status, 500);
    const text = await answer.text();
    const problem = JSON.parse(text) as Problem;
    assert.equal(problem.code, 'internal');
    assert.ok(!text.includes('hunter2') && !text.includes('edge.spec'));
    assert.equal(problem.reference, answer.headers.get('x-request-id'));
    assert.ok(problem.detail.includes(problem.reference!));
    assert.ok(
      edge.lines.some(line => line.includes(problem.reference!) && line.includes('a request failed')),
    );
  });

  it('gives an error of ours its status, code and words', async () => {
    const answer = await fetch(`${edge.origin}/api/v1/locked`, { headers: bearer('reader') });
    assert.equal(answer.status, 409);
    assert.match((await read(answer)).detail, /A1/);
  });

  it('sends the headers that keep browsers safe and names no server', async () => {
    const data = (await post('{"name":"An"}')).headers;
    assert.equal(data.get('x-content-type-options'), 'nosniff');
    assert.equal(data.get('cache-control'), 'no-store');
    assert.match(data.get('content-security-policy')!, /default-src 'none'/);
    assert.equal(data.get('server'), null);
    assert.equal(data.get('x-powered-by'), null);
    const page = (await fetch(`${edge.origin}/page`)).headers;
    assert.match(page.get('content-security-policy')!, /default-src 'self'/);
  });

  it('logs method, route, status, time, request and client; no values of query or body', async () => {
    const id = '0d2b1f9e-3f0e-4c58-9f43-0a9a3f2b7c11';
    const answer = await fetch(`${edge.origin}/api/v1/people/${id}?limit=7&q=TranThiBich`, {
      headers: bearer('reader'),
    });
    await answer.text();
    await post('{"name":"TranThiBich"}');
    const requestId = answer.headers.get('x-request-id')!;
    await until('the line', () => edge.lines.some(text => text.includes(requestId)));
    const line = edge.lines
      .map(text => JSON.parse(text))
      .find(one => one.requestId === answer.headers.get('x-request-id'));
    assert.equal(line.method, 'GET');
    assert.equal(line.route, '/api/v1/people/{id}');
    assert.equal(line.status, 200);
    assert.equal(line.clientId, 'reader');
    assert.equal(typeof line.ms, 'number');
    assert.ok(!edge.lines.some(text => text.includes('TranThiBich') || text.includes(id)));
  });

  it('answers what is no HTTP, and what comes too slowly, with a problem and closes', async () => {
    const broken = await speak(edge.port, 'HELLO\r\n\r\n');
    assert.match(broken, /^HTTP\/1\.1 400 /);
    assert.match(broken, /application\/problem\+json/);
    const slow = await speak(
      edge.port,
      'POST /api/v1/echo HTTP/1.1\r\nhost: a\r\nauthorization: Bearer reader\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"na',
    );
    assert.match(slow, /^HTTP\/1\.1 408 /);
  });
});
