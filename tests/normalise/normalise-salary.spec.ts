import assert from 'node:assert/strict';
import { normaliseCoefficient } from '#hub/intake/normalise/normalise-coefficient.ts';
import { normaliseGender } from '#hub/intake/normalise/normalise-gender.ts';
import { normaliseGrade } from '#hub/intake/normalise/normalise-grade.ts';
import { normaliseRank } from '#hub/intake/normalise/normalise-rank.ts';
import type { Normalised } from '#hub/intake/normalise/normalised.ts';

const outcome = (result: Normalised<unknown>) => ('error' in result ? result.error : result.value);

describe('normalising a salary coefficient', () => {
  it('gives integer hundredths', () => {
    for (const cell of ['2,34', '2.34', 2.34, 234, '234', ' 2,340 ', 2.3400000000000003]) {
      assert.equal(outcome(normaliseCoefficient(cell)), 234, String(cell));
    }
    for (let hundredths = 100; hundredths <= 1300; hundredths += 1) {
      assert.equal(outcome(normaliseCoefficient(hundredths / 100)), hundredths);
    }
  });

  it('refuses what the decree does not know', () => {
    assert.equal(outcome(normaliseCoefficient(2.345)), 'coefficient-too-fine');
    for (const cell of [0.5, 0, 50, 1301, 3_042_000]) {
      assert.equal(outcome(normaliseCoefficient(cell)), 'coefficient-impossible', String(cell));
    }
    for (const cell of ['-2,34', 'bậc 3', '2,3,4']) {
      assert.equal(outcome(normaliseCoefficient(cell)), 'coefficient-unreadable');
    }
  });
});

describe('normalising a rank code', () => {
  it('gives the official spelling', () => {
    for (const [cell, code] of [
      ...([
        ['01.003', '01.003'],
        [1.003, '01.003'],
        [1.01, '01.010'],
        ['1.003', '01.003'],
      ] as const),
      ...([
        ['1,003', '01.003'],
        [13.095, '13.095'],
        ['01003', '01.003'],
        [1003, '01.003'],
      ] as const),
      ...([
        ['15a.201', '15a.201'],
        ['15A.201', '15a.201'],
        [' V.07.05.15', 'V.07.05.15'],
      ] as const),
      ...([
        ['v.07.5.15', 'V.07.05.15'],
        ['V07.05.15', 'V.07.05.15'],
        ['V 07 05 15', 'V.07.05.15'],
      ] as const),
    ]) {
      assert.equal(outcome(normaliseRank(cell)), code, String(cell));
    }
    assert.deepEqual(normaliseRank(1.003), {
      value: '01.003',
      flags: ['from-number', 'leading-zeros-restored'],
    });
  });

  it('refuses names and fragments', () => {
    for (const cell of ['Chuyên viên', '01.3', 3, 1.0035, 'V.07.05', '']) {
      assert.notEqual('error' in normaliseRank(cell), false, String(cell));
    }
  });
});

describe('normalising a salary grade', () => {
  it('reads the number of the grade', () => {
    for (const cell of [3, '3', '3/9', '3 / 9', 'Bậc 3', 'bậc 3/9', 'BẬC LƯƠNG 3', '03', 'BËc 3']) {
      assert.equal(outcome(normaliseGrade(cell)), 3, String(cell));
    }
    assert.deepEqual(normaliseGrade('9/9 VK 8%'), { value: 9, flags: ['beyond-frame'] });
    assert.deepEqual(normaliseGrade('12/12 + vượt khung'), { value: 12, flags: ['beyond-frame'] });
  });

  it('refuses grades that do not exist and grades that became a date', () => {
    for (const cell of [0, 17, '10/9', '3/20'])
      assert.equal(outcome(normaliseGrade(cell)), 'grade-impossible');
    for (const cell of [new Date('2018-09-03'), '2018-09-03', 43346]) {
      assert.equal(outcome(normaliseGrade(cell)), 'grade-became-date');
    }
    assert.equal(outcome(normaliseGrade('ba')), 'grade-unreadable');
  });
});

describe('normalising a gender', () => {
  it('understands words, letters and digits', () => {
    for (const cell of ['Nam', 'nam', 'NAM', 'Male', 'M', 1, '1', 'Ông']) {
      assert.equal(outcome(normaliseGender(cell)), 'male', String(cell));
    }
    for (const cell of ['Nữ', 'nu', 'NU', 'NỮ'.normalize('NFD'), 'F', 'female', 0, 'N÷', 'Nöõ', 'Bà']) {
      assert.equal(outcome(normaliseGender(cell)), 'female', String(cell));
    }
    assert.deepEqual(normaliseGender('1'), { value: 'male', flags: ['gender-by-number'] });
  });

  it('refuses the rest', () => {
    for (const cell of ['x', 2, 'constructor'])
      assert.equal(outcome(normaliseGender(cell)), 'gender-unknown');
    assert.equal(outcome(normaliseGender(undefined)), 'value-missing');
  });
});
