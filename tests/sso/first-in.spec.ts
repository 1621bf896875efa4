import assert from 'node:assert/strict';
import { createFirstIn } from '#sso/first-in.ts';

describe('What comes again and again', () => {
  let time: number;
  let isFirst: (key: string) => boolean;
  beforeEach(() => {
    time = 0;
    isFirst = createFirstIn(1000, { capacity: 2, now: () => time });
  });

  it('is the first once in its time, each by itself', () => {
    assert.deepEqual(['a', 'a', 'b'].map(isFirst), [true, false, true]);
    time = 999;
    assert.ok(!isFirst('a'));
    time = 1000;
    assert.deepEqual(['a', 'a'].map(isFirst), [true, false]);
  });

  it('is never remembered beyond the capacity: the oldest is forgotten', () => {
    assert.deepEqual(['a', 'b', 'c', 'b', 'a'].map(isFirst), [true, true, true, false, true]);
  });
});
