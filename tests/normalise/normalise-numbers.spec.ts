import assert from 'node:assert/strict';
import { normaliseCitizenNumber } from '#hub/intake/normalise/normalise-citizen-number.ts';
import { normaliseCode } from '#hub/intake/normalise/normalise-code.ts';
import { normalisePhone } from '#hub/intake/normalise/normalise-phone.ts';
import type { Normalised } from '#hub/intake/normalise/normalised.ts';
import { padCode } from '#hub/intake/normalise/pad-code.ts';

const errorOf = (result: Normalised<unknown>) => ('error' in result ? result.error : 'accepted');

describe('normalising a staff code', () => {
  it('keeps text as it is, without the blanks and the apostrophe around it', () => {
    assert.deepEqual(normaliseCode(' 00412345 '), { value: '00412345', flags: [] });
    assert.deepEqual(normaliseCode("'00412345"), { value: '00412345', flags: ['text-mark-removed'] });
    assert.deepEqual(normaliseCode('CB-01/a'), { value: 'CB-01/a', flags: [] });
  });

  it('keeps the digits of a number and lets the lost zeros be put back', () => {
    assert.deepEqual(normaliseCode(412345), { value: '412345', flags: ['from-number'] });
    assert.deepEqual(padCode('412345', 8), { value: '00412345', flags: ['leading-zeros-restored'] });
    assert.deepEqual(padCode('A12', 8), { value: 'A12', flags: [] });
    assert.deepEqual(padCode('123456789', 8), { value: '123456789', flags: [] });
  });

  it('refuses fractions, lost digits and absurd lengths', () => {
    assert.equal(errorOf(normaliseCode(1.5)), 'code-not-whole');
    assert.equal(errorOf(normaliseCode(4.6085001234e15)), 'precision-lost');
    assert.equal(errorOf(normaliseCode('4,61E+10')), 'precision-lost');
    assert.equal(errorOf(normaliseCode('1'.repeat(41))), 'code-too-long');
    assert.equal(errorOf(normaliseCode("'")), 'value-missing');
    assert.equal(errorOf(normaliseCode(new Date())), 'value-wrong-type');
  });
});

describe('normalising a citizen number', () => {
  it('accepts twelve digits and removes dots and blanks', () => {
    assert.deepEqual(normaliseCitizenNumber('046085001234'), { value: '046085001234', flags: [] });
    assert.deepEqual(normaliseCitizenNumber('046.085.001 234'), {
      value: '046085001234',
      flags: ['punctuation-removed'],
    });
  });

  it('puts back the leading zeros that a spreadsheet took', () => {
    const flags = ['leading-zeros-restored'];
    assert.deepEqual(normaliseCitizenNumber(46085001234), { value: '046085001234', flags });
    assert.deepEqual(normaliseCitizenNumber('46085001234'), { value: '046085001234', flags });
    assert.deepEqual(normaliseCitizenNumber(1085001234), { value: '001085001234', flags });
  });

  it('refuses the old card, lost digits, letters and wrong lengths', () => {
    assert.equal(errorOf(normaliseCitizenNumber('191234567')), 'old-identity-card');
    assert.equal(errorOf(normaliseCitizenNumber(191234567)), 'old-identity-card');
    assert.equal(errorOf(normaliseCitizenNumber('4.61E+10')), 'precision-lost');
    assert.equal(errorOf(normaliseCitizenNumber('04608500123A')), 'citizen-number-has-letters');
    for (const cell of ['04608500123', '0460850012345', 46085]) {
      assert.equal(errorOf(normaliseCitizenNumber(cell)), 'citizen-number-wrong-length', String(cell));
    }
  });

  it('only warns when the number contradicts the row', () => {
    const facts = { gender: 'female', birthYear: 1986 } as const;
    assert.deepEqual(normaliseCitizenNumber('046085001234', facts), {
      value: '046085001234',
      flags: ['gender-mismatch', 'birth-year-mismatch'],
    });
    assert.deepEqual(normaliseCitizenNumber('046301001234', { gender: 'female', birthYear: 2001 }), {
      value: '046301001234',
      flags: [],
    });
  });
});

describe('normalising a phone number', () => {
  it('gives E.164 for the ways people write it', () => {
    for (const cell of [
      '0912345678',
      '0912 345 678',
      '0912.345.678',
      '+84 912 345 678',
      '84912345678',
      '0084912345678',
    ]) {
      assert.deepEqual(normalisePhone(cell), { value: '+84912345678', flags: [] }, cell);
    }
    assert.deepEqual(normalisePhone('(0234) 3.822.222'), { value: '+842343822222', flags: [] });
    assert.deepEqual(normalisePhone('+44 20 7946 0000'), { value: '+442079460000', flags: [] });
  });

  it('restores a lost zero, converts old prefixes and keeps the first of several', () => {
    assert.deepEqual(normalisePhone(912345678), { value: '+84912345678', flags: ['leading-zeros-restored'] });
    assert.deepEqual(normalisePhone('01691234567'), {
      value: '+84391234567',
      flags: ['old-prefix-converted'],
    });
    assert.deepEqual(normalisePhone('0912345678 / 02343822222'), {
      value: '+84912345678',
      flags: ['further-phones-dropped'],
    });
    assert.equal(errorOf(normalisePhone('841234567')), 'accepted', 'a mobile number that begins with 84');
  });

  it('refuses letters and wrong lengths', () => {
    assert.equal(errorOf(normalisePhone('không có')), 'phone-unreadable');
    for (const text of ['3822222', '09123456789', '0112345678', '+1234']) {
      assert.equal(errorOf(normalisePhone(text)), 'phone-wrong-length', text);
    }
  });
});
