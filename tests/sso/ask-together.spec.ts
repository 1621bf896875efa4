import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { askTogether } from '#sso/ask-together.ts';

describe('What is asked together', () => {
  it('is one question for all who come at once, and another for who comes later', async () => {
    const asked: string[][] = [];
    const ask = askTogether(async (names: string[]) => {
      asked.push(names);
      return names.join('+');
    });
    assert.deepEqual(await Promise.all([ask('a'), ask('b')]), ['a+b', 'a+b']);
    assert.equal(await ask('c'), 'c');
    assert.deepEqual(asked, [['a', 'b'], ['c']]);
  });

  it('gathers while others are being asked, and is asked when they are answered', async () => {
    const asked: string[][] = [];
    let answer = (): void => {};
    const ask = askTogether(async (names: string[]) => {
      asked.push(names);
      if (names.includes('a')) await new Promise<void>(resolve => (answer = resolve));
      return names.join('+');
    });
    const first = ask('a');
    await turn();
    const b = ask('b');
    await turn();
    const c = ask('c');
    assert.deepEqual(asked, [['a']]);
    answer();
    assert.deepEqual(await Promise.all([first, b, c]), ['a', 'b+c', 'b+c']);
  });

  it('waits for no question that hangs', async () => {
    const ask = askTogether(async (names: string[]) => {
      if (names.includes('hangs')) await new Promise(() => {});
      return names.join('+');
    });
    void ask('hangs');
    await turn();
    assert.deepEqual(await Promise.all([ask('a'), ask('b')]), ['a+b', 'a+b']);
    // From one moment to the next, so that one comes just when the patience with the others ends.
    const until = performance.now() + 50;
    while (performance.now() < until) assert.equal(await ask('c'), 'c');
  });

  it('fails for those who asked, and for nobody after them', async () => {
    let away = true;
    const ask = askTogether(async (names: string[]) => {
      if (away) throw new Error('away');
      return names;
    });
    const both = await Promise.allSettled([ask('a'), ask('b')]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    away = false;
    assert.deepEqual(await ask('c'), ['c']);
  });
});
