import assert from 'node:assert/strict';
import { type DayOptions, normaliseDay } from '#hub/intake/normalise/normalise-day.ts';
import type { Cell } from '#hub/intake/normalise/normalised.ts';

function day(cell: Cell, options?: DayOptions): unknown {
  const result = normaliseDay(cell, options);
  return 'error' in result ? result.error : 'day' in result.value ? result.value.day : result.value.year;
}

describe('normalising a day', () => {
  it('reads the ways in which Vietnamese offices write it', () => {
    for (const text of [
      ...['03/08/2018', '3-8-2018', '2018-08-03', '03.08.2018', ' 3 / 8 / 2018 ', '2018/8/3', "'03/08/2018"],
      ...['ngày 3 tháng 8 năm 2018', 'Ngày 03 tháng 08 năm 2018', '3 tháng 8, năm 2018'],
      ...['2018-08-03T00:00:00Z', '03/08/2018 00:00', 'ngµy 3 th¸ng 8 n¨m 2018', '43315', '43315.0'],
    ]) {
      assert.equal(day(text), '2018-08-03', text);
    }
  });

  it('reads date cells and serial numbers of both systems, with the Lotus leap day', () => {
    assert.equal(day(new Date('2018-08-03T00:00:00Z')), '2018-08-03');
    assert.equal(day(new Date('2018-08-02T23:59:59.999Z')), '2018-08-03');
    assert.equal(day(43315), '2018-08-03');
    assert.deepEqual(normaliseDay(43315.75), {
      value: { day: '2018-08-03' },
      flags: ['from-serial-number', 'time-dropped'],
    });
    assert.equal(day(43315 - 1462, { date1904: true }), '2018-08-03');
    assert.deepEqual(
      [day(1), day(59), day(60), day(61)],
      [...['1900-01-01', '1900-02-28', 'day-impossible', '1900-03-01']],
    );
    assert.equal(day(60, { date1904: true }), '1904-03-01');
  });

  it('keeps only the year when no more is known', () => {
    for (const cell of [1985, '1985', 'năm 1985', '00/00/1985', '8/1985', 'tháng 8 năm 1985']) {
      assert.equal(day(cell), 1985, String(cell));
    }
  });

  it('refuses what is ambiguous, impossible or unreadable', () => {
    assert.equal(day('03/08/85'), 'year-ambiguous');
    for (const text of ['31/02/2018', '29/02/2018', '08/25/2018', '2018-13-01', '13/2018', '00/05/2018']) {
      assert.equal(day(text), 'day-impossible', text);
    }
    assert.equal(day('29/02/2016'), '2016-02-29');
    for (const cell of ['hôm qua', '3/8', '12345678', -5, 0, 3_000_000, Number.NaN, new Date(Number.NaN)]) {
      assert.equal(day(cell), 'day-unreadable', String(cell));
    }
    for (const text of ['01/01/1899', '0018-08-03', 1899.5 * 100])
      assert.equal(day(text), 'day-out-of-range');
    assert.equal(day(''), 'value-missing');
  });

  it('refuses a birth date in the future only when told that it is one', () => {
    const today = '2018-08-03';
    assert.equal(day('04/08/2018', { today }), 'birth-date-in-future');
    assert.equal(day(2019, { today }), 'birth-date-in-future');
    assert.equal(day('03/08/2018', { today }), '2018-08-03');
    assert.equal(day('04/08/2018'), '2018-08-04');
  });
});
