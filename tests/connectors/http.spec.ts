import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import nock from 'nock';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { exchange, parseJson, retryAfterMs } from '#connectors/kit/http.ts';

// Importing it takes the network of the whole process over: other specs want theirs.
nock.restore();

const origin = 'http://app.test';
const ask = (options: { maxBytes?: number; json?: unknown } = {}) =>
  exchange({
    method: options.json === undefined ? 'GET' : 'POST',
    url: `${origin}/thing`,
    headers: { 'x-api-key': 'secret-key' },
    signal: AbortSignal.timeout(5000),
    maxBytes: options.maxBytes ?? 1000,
    ...(options.json === undefined ? {} : { json: options.json }),
  });
const faultOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof ConnectorError, String(error));
    assert.ok(!error.message.includes('secret'), 'the message tells no secret');
    return error;
  }
  throw new Error('it should have failed');
};

describe('an HTTP exchange with an app', () => {
  before(() => {
    nock.activate();
    nock.disableNetConnect();
  });
  afterEach(() => {
    assert.deepEqual(nock.pendingMocks(), []);
    nock.cleanAll();
  });
  after(() => {
    nock.enableNetConnect();
    nock.restore();
  });

  it('sends JSON as UTF-8 and answers status, headers and text', async () => {
    nock(origin)
      .post('/thing', { hoTen: 'Đỗ Thị Ánh' })
      .matchHeader('content-type', 'application/json')
      .matchHeader('x-api-key', 'secret-key')
      .reply(201, '{"id":"1"}', { etag: '"1"' });
    const answer = await ask({ json: { hoTen: 'Đỗ Thị Ánh' } });
    assert.deepEqual([answer.status, answer.headers.get('etag')], [201, '"1"']);
    assert.deepEqual(parseJson(answer), { id: '1' });
  });

  it('follows no redirect: the credentials would travel with it', async () => {
    nock(origin).get('/thing').reply(302, '', { location: 'http://elsewhere.test/thing' });
    const elsewhere = nock('http://elsewhere.test').get('/thing').reply(200, '{}');
    assert.equal((await faultOf(ask())).code, 'unexpected-answer');
    assert.equal(elsewhere.isDone(), false);
    nock.cleanAll();
  });

  it('takes an answer of the greatest size and not one byte more', async () => {
    nock(origin).get('/thing').reply(200, 'x'.repeat(1000));
    assert.equal((await ask({ maxBytes: 1000 })).text.length, 1000);
    nock(origin).get('/thing').reply(200, 'x'.repeat(1001));
    const fault = await faultOf(ask({ maxBytes: 1000 }));
    assert.equal(fault.code, 'unexpected-answer');
    assert.match(fault.message, /larger than 1000 bytes/);
  });

  it('reads Retry-After as seconds and as a date, with 429 and with 503', async () => {
    nock(origin).get('/thing').reply(429, '', { 'retry-after': '12' });
    const busy = await faultOf(ask());
    assert.deepEqual([busy.code, busy.retryAfterMs], ['rate-limited', 12_000]);
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    nock(origin).get('/thing').reply(503, '', { 'retry-after': inAMinute });
    const away = await faultOf(ask());
    assert.equal(away.code, 'unavailable');
    assert.ok((away.retryAfterMs as number) > 50_000 && (away.retryAfterMs as number) <= 60_000);
    assert.equal(retryAfterMs('Wed, 21 Oct 2015 07:28:00 GMT'), 0);
    assert.equal(retryAfterMs('soon'), undefined);
    assert.equal(retryAfterMs(null), undefined);
  });

  it('names a reset connection, and one that nobody answers, unavailable', async () => {
    for (const code of ['ECONNRESET', 'ECONNREFUSED', 'ENOTFOUND']) {
      nock(origin)
        .get('/thing')
        .replyWithError(Object.assign(new Error('secret detail'), { code }));
      const fault = await faultOf(ask());
      assert.deepEqual([fault.code, fault.retryable], ['unavailable', true]);
    }
  });

  it('names 401 and 403 unauthorised, 5xx unavailable, and leaves 404, 409, 422 to the connector', async () => {
    for (const [status, code] of [
      [401, 'unauthorised'],
      [403, 'unauthorised'],
      [500, 'unavailable'],
      [504, 'unavailable'],
    ] as const) {
      nock(origin).get('/thing').reply(status, 'secret');
      const fault = await faultOf(ask());
      assert.deepEqual([fault.code, fault.vendorCode], [code, String(status)]);
    }
    for (const status of [400, 404, 409, 412, 422]) {
      nock(origin).get('/thing').reply(status, '{}');
      assert.equal((await ask()).status, status);
    }
  });

  it('names an answer that is no JSON unexpected-answer, without quoting it', async () => {
    nock(origin).get('/thing').reply(200, '<html>secret</html>');
    const fault = await faultOf(ask().then(parseJson));
    assert.equal(fault.code, 'unexpected-answer');
  });
});

describe('an HTTP exchange over a real socket', () => {
  it('is timed-out when the call is given up before or during the answer', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/begun') response.writeHead(200).write('{');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      for (const path of ['/silent', '/begun']) {
        const signal = AbortSignal.timeout(100);
        const url = `http://127.0.0.1:${port}${path}`;
        const fault = await faultOf(exchange({ method: 'GET', url, signal, maxBytes: 1000 }));
        assert.equal(fault.code, 'timed-out');
      }
    } finally {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    }
  });
});
