import assert from 'node:assert/strict';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { createGuard, type Guard, SkippedCall } from '#connectors/kit/guard.ts';
import type { GuardSettings } from '#schemas/connector.ts';

const calm: GuardSettings = {
  timeoutMs: 5000,
  concurrency: 8,
  perSecond: 10_000,
  maxBytes: 1_000_000,
  breakAfter: 3,
  breakMs: 150,
};
const guardWith = (settings: Partial<GuardSettings> = {}): Guard => createGuard({ ...calm, ...settings });
const fails =
  (code: ConnectorErrorCode, options = {}) =>
  () =>
    Promise.reject(new ConnectorError(code, 'told to fail', options));
const outcome = async (work: Promise<unknown>): Promise<string> => {
  try {
    return String(await work);
  } catch (error) {
    assert.ok(error instanceof ConnectorError, String(error));
    return `${error instanceof SkippedCall ? 'skipped ' : ''}${error.code}`;
  }
};
/** Calls again until the guard calls the app; answers what came of it. */
const firstRealCall = async (guard: Guard, work: () => Promise<unknown>): Promise<string> => {
  for (;;) {
    const result = await outcome(guard.run(work));
    if (!result.startsWith('skipped')) return result;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
};
const ok = () => Promise.resolve('ok');

describe('the guard', () => {
  it('gives a call up after its timeout and fires the signal, even when the client ignores it', async () => {
    const guard = guardWith({ timeoutMs: 100 });
    let fired = false;
    const work = (signal: AbortSignal) => {
      signal.addEventListener('abort', () => {
        fired = true;
      });
      return new Promise(() => {});
    };
    assert.equal(await outcome(guard.run(work)), 'timed-out');
    assert.equal(fired, true);
    assert.equal(guard.state().inFlight, 0);
  });

  it('counts the timeout from the turn, not from the wait for it', async () => {
    const guard = guardWith({ timeoutMs: 200, concurrency: 1 });
    const slow = () => new Promise(resolve => setTimeout(() => resolve('ok'), 80));
    assert.deepEqual(await Promise.all([1, 2, 3, 4].map(() => outcome(guard.run(slow)))), [
      'ok',
      'ok',
      'ok',
      'ok',
    ]);
  });

  it('never has more calls under way than allowed', async () => {
    const guard = guardWith({ concurrency: 3 });
    let now = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, () =>
        guard.run(async () => {
          now += 1;
          most = Math.max(most, now);
          await new Promise(resolve => setTimeout(resolve, 2));
          now -= 1;
        }),
      ),
    );
    assert.equal(most, 3);
  });

  for (const perSecond of [5, 50])
    it(`lets no more than ${perSecond} calls a second out`, async () => {
      const guard = guardWith({ perSecond });
      const starts: number[] = [];
      const calls = Math.ceil(perSecond * 0.8);
      await Promise.all(
        Array.from({ length: calls }, () => guard.run(async () => starts.push(performance.now()))),
      );
      const took = Math.max(...starts) - Math.min(...starts);
      const handful = Math.max(1, Math.floor(perSecond / 10));
      const least = ((calls - handful) / perSecond) * 1000;
      assert.ok(took >= least * 0.9, `${calls} calls in ${Math.round(took)} ms, at least ${least} were due`);
    });

  it('opens after so many faults in a row, calls nobody, tries one call and closes', async () => {
    const guard = guardWith();
    for (let fault = 0; fault < calm.breakAfter; fault += 1)
      assert.equal(await outcome(guard.run(fails('unavailable'))), 'unavailable');
    assert.equal(guard.state().breaker, 'open');

    let called = false;
    const skipped = await outcome(
      guard.run(async () => {
        called = true;
      }),
    );
    assert.deepEqual([skipped, called], ['skipped unavailable', false]);

    let release: (value: string) => void = () => {};
    const trial = firstRealCall(guard, () => new Promise(resolve => (release = resolve)));
    while (guard.state().breaker !== 'half-open') await new Promise(resolve => setTimeout(resolve, 5));
    release('ok');
    assert.equal(await trial, 'ok');
    assert.equal(guard.state().breaker, 'closed');
  });

  it('opens again when the trial call fails', async () => {
    const guard = guardWith();
    for (let fault = 0; fault < calm.breakAfter; fault += 1) await outcome(guard.run(fails('timed-out')));
    assert.equal(await firstRealCall(guard, fails('unexpected-answer')), 'unexpected-answer');
    assert.equal(guard.state().breaker, 'open');
    assert.equal(await firstRealCall(guard, ok), 'ok');
    assert.equal(guard.state().breaker, 'closed');
  });

  it('does not open for refusals, conflicts and missing people: those are sound answers', async () => {
    const guard = guardWith();
    for (const code of ['refused', 'conflict', 'not-found'] as const)
      for (let time = 0; time < calm.breakAfter; time += 1)
        assert.equal(await outcome(guard.run(fails(code))), code);
    assert.equal(guard.state().breaker, 'closed');
  });

  it('leaves an app alone for as long as it asks, also with calls that stood in the queue', async () => {
    const guard = guardWith({ concurrency: 1 });
    const first = outcome(guard.run(fails('rate-limited', { retryAfterMs: 150 })));
    const queued = outcome(guard.run(ok));
    assert.equal(await first, 'rate-limited');
    assert.equal(await queued, 'skipped rate-limited');
    await assert.rejects(guard.run(ok), (error: ConnectorError) => {
      const wait = error.retryAfterMs as number;
      return error instanceof SkippedCall && wait > 0 && wait <= 150;
    });
    const started = performance.now();
    assert.equal(await firstRealCall(guard, ok), 'ok');
    assert.ok(performance.now() - started > 50);
    assert.equal(guard.state().breaker, 'closed');
  });

  it('turns whatever else is thrown into unexpected-answer and keeps it as the cause', async () => {
    const bug = new TypeError('x is not a function');
    await assert.rejects(
      guardWith().run(() => Promise.reject(bug)),
      (error: ConnectorError) => error.code === 'unexpected-answer' && error.cause === bug,
    );
  });
});
