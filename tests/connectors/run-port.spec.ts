import assert from 'node:assert/strict';
import type { ConnectorInstance } from '#connectors/kit/define-connector.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import { createGuard } from '#connectors/kit/guard.ts';
import { runPort } from '#connectors/kit/run-port.ts';

const guard = () =>
  createGuard({
    timeoutMs: 1000,
    concurrency: 4,
    perSecond: 1000,
    maxBytes: 1_000_000,
    breakAfter: 2,
    breakMs: 60_000,
  });

/** A connector that answers what it was called with, or fails as it is told. */
const echo = (failure?: unknown): ConnectorInstance => ({
  ping: async () => {},
  ports: {
    accounts: {
      list: async page => ({ items: [], next: JSON.stringify(page) }),
      get: async (externalId, { signal }) => {
        if (failure !== undefined) throw failure;
        return { externalId, enabled: !signal.aborted, values: {} };
      },
      upsert: async () => ({ externalId: '1', enabled: true, values: {} }),
      disable: async () => ({ externalId: '1', enabled: false, values: {} }),
    },
    attendance: { record: async ({ at }) => ({ at }) },
  },
});

describe('a port call from outside', () => {
  it('hands the arguments over in order, the context last, and answers the result', async () => {
    const got = await runPort(echo(), guard(), 'accounts', 'get', ['7']);
    assert.ok(got.ok && got.durationMs >= 0);
    assert.deepEqual(got.result, { externalId: '7', enabled: true, values: {} });
    const listed = await runPort(echo(), guard(), 'accounts', 'list', [{ limit: 5 }]);
    assert.deepEqual(listed.ok && listed.result, { items: [], next: '{"limit":5}' });
  });

  it('answers kit errors as data, with how long to wait', async () => {
    const failure = new ConnectorError('rate-limited', 'slowly', { retryAfterMs: 3000 });
    const { durationMs, ...answer } = await runPort(echo(failure), guard(), 'accounts', 'get', ['7']);
    assert.deepEqual(answer, {
      ok: false,
      code: 'rate-limited',
      message: 'slowly',
      retryable: true,
      retryAfterMs: 3000,
    });
    assert.equal(typeof durationMs, 'number');
  });

  it('tells no words of an error that is none of the kit’s', async () => {
    const answer = await runPort(echo(new Error('secret of Nguyễn Văn A')), guard(), 'accounts', 'get', [
      '7',
    ]);
    assert.ok(!answer.ok);
    assert.deepEqual([answer.code, answer.retryable], ['unexpected-answer', true]);
    assert.doesNotMatch(JSON.stringify(answer), /secret/);
  });

  it('says that a call was skipped while the breaker is open', async () => {
    const shared = guard();
    const broken = echo(new ConnectorError('unavailable', 'down'));
    for (let fault = 0; fault < 2; fault += 1) await runPort(broken, shared, 'accounts', 'get', ['7']);
    const answer = await runPort(echo(), shared, 'accounts', 'get', ['7']);
    assert.ok(!answer.ok);
    assert.deepEqual([answer.code, answer.skipped, answer.retryAfterMs], ['unavailable', true, 60_000]);
  });

  it('refuses ports and methods that are not offered', async () => {
    for (const [port, method, input] of [
      ['hrSource', 'pull', [{}]],
      ['accounts', 'remove', ['7']],
      ['accounts', 'constructor', []],
      ['accounts', '__proto__', []],
      ['__proto__', 'toString', []],
      ['toString', 'call', []],
    ] as const) {
      const answer = await runPort(echo(), guard(), port, method, [...input]);
      assert.ok(!answer.ok, `${port}.${method}`);
      assert.deepEqual([answer.code, answer.retryable], ['refused', false]);
    }
  });

  it('refuses an argument that does not fit its schema, by its place', async () => {
    const record = { staffCode: 'H57.001', day: '2026-11-26', half: 'morning', at: '2026-11-26T00:30:00Z' };
    const call = (input: unknown) => runPort(echo(), guard(), 'attendance', 'record', [input]);
    const recorded = await call(record);
    assert.deepEqual(recorded.ok && recorded.result, { at: record.at });
    for (const [input, place] of [
      [{ ...record, half: 'evening' }, '/half'],
      [{ ...record, at: 'hôm nay' }, '/at'],
      [{ ...record, more: 1 }, '/more'],
      [undefined, '/'],
      ['secret of Nguyễn Văn A', '/'],
    ] as const) {
      const answer = await call(input);
      assert.ok(!answer.ok);
      assert.deepEqual([answer.code, answer.retryable], ['refused', false]);
      assert.ok(answer.message.includes(`attendance.record is wrong at ${place}:`), answer.message);
      assert.doesNotMatch(answer.message, /secret/);
    }
  });
});
