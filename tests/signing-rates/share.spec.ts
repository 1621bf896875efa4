import assert from 'node:assert/strict';
import { shareOf, sumOf } from '#hub/signing-rates/share.ts';

describe('The share of signed documents', () => {
  it('is in per cent with two decimals, half up', () => {
    const cases: [number, number, string][] = [
      [0, 7, '0.00'],
      [1, 3, '33.33'],
      [2, 3, '66.67'],
      [1, 32, '3.13'],
      [58, 59, '98.31'],
      [99, 100, '99.00'],
      [7, 7, '100.00'],
      [201, 20_000, '1.01'],
      [49_995, 1_000_000, '5.00'],
    ];
    for (const [signed, issued, percent] of cases)
      assert.deepEqual(shareOf({ issued, signed }), { issued, signed, percent }, `${signed} of ${issued}`);
  });

  it('is none where nothing was issued', () => {
    assert.equal(shareOf({ issued: 0, signed: 0 }).percent, null);
  });

  it('of several units is that of all their documents, not the mean of their shares', () => {
    const sum = sumOf([
      { issued: 1, signed: 1 },
      { issued: 99, signed: 0 },
    ]);
    assert.equal(shareOf(sum).percent, '1.00');
    assert.deepEqual(sumOf([]), { issued: 0, signed: 0 });
  });
});
