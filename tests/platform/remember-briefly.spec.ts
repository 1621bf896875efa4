import assert from 'node:assert/strict';
import { rememberBriefly } from '#hub/platform/remember-briefly.ts';

describe('What is remembered briefly', () => {
  let asked: string[];
  let time: number;
  const options = { capacity: 2, now: () => time };
  const echo = async (key: string): Promise<string> => {
    asked.push(key);
    return key;
  };
  beforeEach(() => {
    asked = [];
    time = 0;
  });

  it('is asked for once in its time, also by those who come while the answer is on its way', async () => {
    const remember = rememberBriefly(1000, echo, options);
    await Promise.all([remember('a'), remember('a')]);
    time = 999;
    await remember('a');
    assert.deepEqual(asked, ['a']);
    time = 1000;
    await remember('a');
    assert.deepEqual(asked, ['a', 'a']);
  });

  it('is no failure: the next one asks again', async () => {
    let away = true;
    const remember = rememberBriefly(
      1000,
      async key => {
        if (away) throw new Error('away');
        return key;
      },
      options,
    );
    await assert.rejects(remember('a'), /away/);
    away = false;
    assert.equal(await remember('a'), 'a');
  });

  it('is never more than its capacity: the oldest is forgotten', async () => {
    const remember = rememberBriefly(1000, echo, options);
    for (const key of ['a', 'b', 'c', 'b', 'a']) await remember(key);
    assert.deepEqual(asked, ['a', 'b', 'c', 'a']);
  });

  it('is asked for again once it was forgotten', async () => {
    const remember = rememberBriefly(1000, echo, options);
    await remember('a');
    remember.forget('a');
    await remember('a');
    assert.deepEqual(asked, ['a', 'a']);
  });
});
