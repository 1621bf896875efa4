import assert from 'node:assert/strict';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { decodeLegacy } from '#hub/intake/normalise/decode-legacy.ts';
import { tcvn3, vni } from '#hub/intake/normalise/legacy-tables.ts';
import { normaliseCitizenNumber } from '#hub/intake/normalise/normalise-citizen-number.ts';
import { normaliseName } from '#hub/intake/normalise/normalise-name.ts';
import { normalisePhone } from '#hub/intake/normalise/normalise-phone.ts';
import { usernameBase } from '#hub/platform/vietnamese/username.ts';
import { generateStaff } from '#sandbox/province/generate-staff.ts';
import { readUnits } from '#sandbox/province/units.ts';
import { HrRecord } from '#schemas/hr-record.ts';

const units = readUnits();

describe('the generated staff of the sandbox province', () => {
  const started = process.cpuUsage();
  const staff = generateStaff({ seed: 7, count: 30_000, units });
  const took = process.cpuUsage(started).user / 1000;

  it('are as many as asked for, within about a second', () => {
    assert.equal(staff.length, 30_000);
    // Processor time, with some air for compilation: the clock on the wall also counts other people's work.
    assert.ok(took < 2000, `${took} ms`);
    for (const count of [1, 2, 50, 999, 40_000])
      assert.equal(generateStaff({ seed: 1, count, units }).length, count);
    assert.throws(() => generateStaff({ seed: 1, count: 0, units }), RangeError);
  });

  it('are the same for the same seed and others for another', () => {
    const plan = { count: 2000, units };
    assert.deepEqual(generateStaff({ ...plan, seed: 3 }), generateStaff({ ...plan, seed: 3 }));
    assert.notDeepEqual(generateStaff({ ...plan, seed: 3 })[0], generateStaff({ ...plan, seed: 4 })[0]);
  });

  it('have unique codes with leading zeros, citizen numbers, user names and e-mail addresses', () => {
    for (const key of ['code', 'citizenNumber', 'sourceKey'] as const) {
      assert.equal(new Set(staff.map(({ record }) => record[key])).size, staff.length, key);
    }
    assert.equal(new Set(staff.map(({ username }) => username)).size, staff.length);
    assert.equal(new Set(staff.map(({ email }) => email)).size, staff.length);
    assert.ok(staff.every(({ record }) => /^\d{8}$/.test(record.code)));
    assert.ok(staff.filter(({ record }) => record.code.startsWith('0')).length > 10_000);
  });

  it('are valid HR records', () => {
    const ajv = new Ajv2020();
    addFormats.default(ajv);
    const validate = ajv.compile(HrRecord);
    for (const { record } of staff) assert.ok(validate(record), JSON.stringify(validate.errors));
  });

  it('pass the intake without a flag', () => {
    for (const { record } of staff) {
      const { gender, name, birthDate, citizenNumber, phone } = record;
      assert.deepEqual(normaliseName(name), { value: name, flags: [] });
      const facts = { gender, birthYear: Number(birthDate!.slice(0, 4)) };
      assert.deepEqual(normaliseCitizenNumber(citizenNumber, facts), { value: citizenNumber, flags: [] });
      assert.deepEqual(normalisePhone(phone), { value: phone, flags: [] });
    }
  });

  it('work in known units, with one main position each, some with a second, one head in every unit', () => {
    const known = new Map(units.map(unit => [unit.code, unit.name]));
    const heads = new Map<string, number>();
    for (const { record, head, unitName } of staff) {
      const main = record.positions.filter(position => position.main);
      assert.equal(main.length, 1);
      assert.equal(known.get(main[0]!.unit), unitName);
      assert.ok(record.positions.every(({ unit }) => known.has(unit)));
      heads.set(main[0]!.unit, (heads.get(main[0]!.unit) ?? 0) + (head ? 1 : 0));
    }
    assert.equal(heads.size, units.length);
    assert.ok([...heads.values()].every(number => number === 1));
    assert.ok(staff.filter(({ record }) => record.positions.length === 2).length > 500);
    assert.ok(staff.filter(({ record }) => record.awards !== undefined).length > 3000);
  });

  it('have dates in the past and the coefficients of the decree', () => {
    for (const { record } of staff) {
      const { salary, birthDate, positions } = record;
      assert.ok(birthDate! > '1958-07' && birthDate! < '1996', birthDate);
      assert.ok(salary!.from <= '2018-08-01' && salary!.from > birthDate!);
      assert.ok(positions.every(({ from }) => from! <= '2018-08-01'));
      if (salary!.rank !== '01.003') continue;
      assert.equal(salary!.coefficient, 234 + 33 * (salary!.grade - 1));
      assert.ok(salary!.grade === 9 || salary!.from > '2015-08-01', JSON.stringify(salary));
    }
  });

  it("have the user names of the hub's rule, numbered in order of staff codes", () => {
    const numbers = new Map<string, number>();
    for (const { record, username, email } of staff.toSorted((a, b) =>
      a.record.code < b.record.code ? -1 : 1,
    )) {
      const base = usernameBase(record.name);
      const number = (numbers.get(base) ?? 0) + 1;
      numbers.set(base, number);
      assert.equal(username, number === 1 ? base : base + number);
      assert.equal(email, `${username}@lienthong.example`);
    }
  });

  it('keep their names when typed in an old encoding, and lose none when typed in Unicode', () => {
    let doubtful = 0;
    for (const { record } of staff.slice(0, 4000)) {
      assert.equal(decodeLegacy(record.name).encoding, 'unicode');
      for (const table of [tcvn3, vni]) {
        const codes = new Map([...table].reverse().map(([code, letter]) => [letter, code]));
        // TCVN3 has no capital with a tone: typists used the small one.
        const code = (letter: string) => codes.get(letter) ?? codes.get(letter.toLowerCase()) ?? letter;
        const typed = Array.from(record.name, letter => (letter > '\u007F' ? code(letter) : letter)).join('');
        const read = normaliseName(typed);
        if (!('value' in read) || read.value !== record.name) doubtful += 1;
      }
    }
    // A few names are possible in two encodings; only their column can tell.
    assert.ok(doubtful / 8000 < 0.01, `${doubtful} of 8000`);
  });
});
