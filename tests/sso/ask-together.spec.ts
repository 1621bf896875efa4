import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
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

  it('gathers while others are being asked, and waits for none that hangs', async () => {
    const asked: string[][] = [];
    const ask = askTogether(async (names: string[]) => {
      asked.push(names);
      if (names.includes('hangs')) await new Promise(() => {});
      return names.join('+');
    });
    const first = ask('a');
    const together = first.then(() => Promise.all([ask('b'), ask('c')]));
    assert.deepEqual(await together, ['b+c', 'b+c']);
    void ask('hangs');
    await waitUntil('it is asked', () => asked.length === 3, { withinMs: 2000 });
    assert.deepEqual(await Promise.all([ask('d'), ask('e')]), ['d+e', 'd+e']);
    assert.deepEqual(asked, [['a'], ['b', 'c'], ['hangs'], ['d', 'e']]);
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
