import assert from 'node:assert/strict';
import { repeat } from '#hub/platform/repeat.ts';
import { createLogBook, until } from '#tests/http/start-edge.ts';

const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });

describe('Background work that fails', () => {
  it('is told once when it begins to and once when it is over, however often it is tried', async () => {
    const { log, lines } = createLogBook();
    const fates = [away, away, new Error('no'), new Error('no'), undefined, undefined];
    let rounds = 0;
    const repeater = repeat(log, 'the work', async () => {
      const fate = fates[rounds++];
      if (fate !== undefined) throw fate;
      return 60_000;
    });
    // It is woken through the pauses.
    await until('all of it', () => {
      repeater.wake();
      return rounds > fates.length;
    });
    await repeater.stop();
    const told = lines.map(line => JSON.parse(line) as { level: number; msg: string; cause?: object });
    assert.deepEqual(
      told.map(({ level, msg, cause }) => [level, msg, cause !== undefined]),
      [
        [40, 'the database is away; tried again every second', false],
        [50, 'background work failed; tried again every second', true],
        [30, 'background work goes on', false],
      ],
    );
  });
});
