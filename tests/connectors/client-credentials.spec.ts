import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTokenSource } from '#connectors/kit/client-credentials.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import type { TokenSource } from '#connectors/kit/token-cache.ts';

const signal = () => AbortSignal.timeout(5000);
const unauthorised = () => Promise.reject(new ConnectorError('unauthorised', 'no', { vendorCode: '401' }));

describe('tokens by client credentials', () => {
  let server: Server;
  let issued: { authorization: string | undefined; body: string }[];
  let reply: (issue: number) => [status: number, body: string] | 'hang';
  let clock: number;
  let source: TokenSource;

  beforeEach(async () => {
    issued = [];
    clock = 1_000_000;
    reply = issue => [200, JSON.stringify({ access_token: `token-${issue}`, expires_in: 100 })];
    server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      issued.push({ authorization: request.headers.authorization, body: Buffer.concat(parts).toString() });
      const answer = reply(issued.length);
      if (answer !== 'hang') response.writeHead(answer[0]).end(answer[1]);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    source = createTokenSource({
      tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
      clientId: 'liên thông',
      clientSecret: 'p:w%d',
      scope: 'officers.manage',
      maxBytes: 10_000,
      now: () => clock,
    });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  const use = () => source.withToken(signal(), token => Promise.resolve(token));

  it('asks by HTTP Basic with the client’s name and secret form-encoded', async () => {
    await use();
    const [scheme, code] = issued[0]!.authorization!.split(' ');
    assert.equal(scheme, 'Basic');
    assert.equal(Buffer.from(code!, 'base64').toString(), 'li%C3%AAn+th%C3%B4ng:p%3Aw%25d');
    assert.equal(issued[0]!.body, 'grant_type=client_credentials&scope=officers.manage');
  });

  it('fetches one token for many calls at once and keeps it', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, use));
    assert.deepEqual([...new Set(tokens)], ['token-1']);
    assert.equal(await use(), 'token-1');
    assert.equal(issued.length, 1);
  });

  it('renews before the end: a tenth of the life ahead', async () => {
    await use();
    clock += 89_000;
    assert.equal(await use(), 'token-1');
    clock += 2000;
    assert.equal(await use(), 'token-2');
  });

  it('renews once when the app says unauthorised, and no oftener', async () => {
    const seen: string[] = [];
    const forgetful = (token: string) => {
      seen.push(token);
      return token === 'token-1' ? unauthorised() : Promise.resolve('done');
    };
    assert.equal(await source.withToken(signal(), forgetful), 'done');
    assert.deepEqual(seen, ['token-1', 'token-2']);
    await assert.rejects(source.withToken(signal(), unauthorised), { code: 'unauthorised' });
    assert.equal(issued.length, 3);
  });

  it('renews once for many calls whose token was forgotten at the same time', async () => {
    await use();
    const forgetful = (token: string) => (token === 'token-1' ? unauthorised() : Promise.resolve(token));
    const tokens = await Promise.all(Array.from({ length: 20 }, () => source.withToken(signal(), forgetful)));
    assert.deepEqual([...new Set(tokens)], ['token-2']);
    assert.equal(issued.length, 2);
  });

  it('does not ask for a new token when the app says 403: it would have the same rights', async () => {
    const forbidden = () => Promise.reject(new ConnectorError('unauthorised', 'no', { vendorCode: '403' }));
    await assert.rejects(source.withToken(signal(), forbidden), { code: 'unauthorised' });
    assert.equal(issued.length, 1);
  });

  it('says unauthorised for a refused client and unexpected-answer for anything odd, and recovers', async () => {
    for (const [status, body, code] of [
      [401, '{"error":"invalid_client"}', 'unauthorised'],
      [400, '{"error":"invalid_client"}', 'unauthorised'],
      [404, 'not found', 'unexpected-answer'],
      [200, '<html></html>', 'unexpected-answer'],
      [200, '{"token":"x"}', 'unexpected-answer'],
      [500, '', 'unavailable'],
    ] as const) {
      reply = () => [status, body];
      await assert.rejects(use(), { code });
    }
    reply = () => [200, '{"access_token":"good"}'];
    assert.equal(await use(), 'good');
  });

  it('does not give up the calls that wait for a token because the one that fetches it was given up', async () => {
    reply = issue => (issue === 1 ? 'hang' : [200, '{"access_token":"good"}']);
    const gone = new AbortController();
    const first = source.withToken(gone.signal, token => Promise.resolve(token));
    const second = use();
    const failed = assert.rejects(first, { code: 'timed-out' });
    while (issued.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    gone.abort();
    await failed;
    assert.equal(await second, 'good');
  });
});
