import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Type } from 'typebox';
import { Source } from '#hub/intake/demand-source.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Route } from '#hub/platform/http/route.ts';
import { type Problem, read } from '#tests/http/start-edge.ts';
import { startTestGateway, type TestGateway } from '#tests/http/start-test-gateway.ts';

const routes: Route[] = [
  {
    method: 'GET',
    path: '/api/v1/sourced',
    scope: 'public',
    tag: 'hub',
    summary: 'For the test',
    query: Type.Object({ source: Type.Optional(Source) }),
    handle: async () => ({ ok: true }),
  },
  {
    method: 'GET',
    path: '/api/v1/unconfirmed',
    scope: 'public',
    tag: 'hub',
    summary: 'For the test',
    handle: async () => {
      throw new AppError('plan-needs-confirmation', { count: 60, percent: 7, token: 'abc' });
    },
  },
];

describe('The words of problems', () => {
  let running: TestGateway;
  before(async () => {
    running = await startTestGateway(routes);
  });
  after(() => running.stop());

  const explain = async (code: string): Promise<string> =>
    (await running.ask('GET', `/problems/${code}`)).text();

  it('say a source’s pattern in words', async () => {
    const problem = await read(running.ask('GET', '/api/v1/sourced?source=S%E1%BB%9F'));
    assert.equal(problem.errors[0]!.code, 'wrong-pattern');
    assert.match(problem.errors[0]!.detail, /chữ thường không dấu, chữ số và gạch nối/);
  });

  it('have a title of their own where a status stands for several things', async () => {
    const problem = await read(running.ask('GET', '/api/v1/unconfirmed'));
    assert.deepEqual([problem.status, problem.title], [409, 'Cần xác nhận trước khi thực hiện']);
  });

  it('tell who wrote letters into an address that they must be encoded', async () => {
    const socket = connect(Number(new URL(running.origin).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET /api/v1/units?q=Huế HTTP/1.1\r\nhost: localhost\r\n\r\n');
    const [, body] = (await text(socket)).split('\r\n\r\n');
    const problem = JSON.parse(body!) as Problem;
    assert.deepEqual([problem.status, problem.code], [400, 'malformed-request']);
    assert.match(problem.detail, /mã hóa URL.*Hu%E1%BA%BF/);
  });

  it('are explained at their address without anything left to fill in, those of reports and files too', async () => {
    assert.match(await explain('unknown-unit'), /«…»[\s\S]*“…”/);
    for (const code of ['perhaps-the-same', 'salary-off-scale', 'no-heading', 'malformed-request']) {
      const words = await explain(code);
      assert.ok(!/[{}]/.test(words) && words.length > 40, words);
    }
    assert.equal((await running.ask('GET', '/problems/changed-from')).status, 404);
  });
});
