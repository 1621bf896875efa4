import assert from 'node:assert/strict';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import { readUnits } from '#sandbox/province/units.ts';

describe('the units of the sandbox province', () => {
  const units = readUnits();
  const byCode = new Map(units.map(unit => [unit.code, unit]));
  const count = (level: string) => units.filter(unit => unit.level === level).length;

  it('are the real ones of 2018 and departments, schools and health stations below them', () => {
    assert.deepEqual(['tinh', 'so', 'huyen', 'xa'].map(count), [1, 21, 9, 152]);
    assert.ok(count('phong') > 200);
    assert.equal(units.filter(({ kind }) => kind === 'health-station').length, 152);
  });

  it('have unique codes, NFC names and parents that come before them', () => {
    assert.equal(byCode.size, units.length);
    const seen = new Set<string>();
    for (const { code, name, parentCode } of units) {
      assert.equal(name, name.normalize('NFC'));
      assert.ok(parentCode === null ? code === '46' : seen.has(parentCode), `${code} in ${parentCode}`);
      seen.add(code);
    }
  });

  it('have well-formed exchange codes in both forms', () => {
    for (const { kind, code2016, code2020 } of units) {
      if (!['province', 'agency', 'agency-department'].includes(kind)) continue;
      assert.match(code2016!, /^\d{3}\.\d{2}\.\d{2}\.H57$/);
      assert.match(code2020!, /^H57(?:\.\d{2}){0,2}$/);
      const [, office, agency] = code2016!.split('.');
      const groups = [agency, office].filter(part => part !== '00');
      assert.equal(code2020, ['H57', ...groups].join('.'));
    }
  });

  it('hold each district of the signing statistics once, whatever the place of the tone in its name', () => {
    for (const name of [
      ...['Huyện Phú Lộc', 'Huyện Phú Vang', 'Huyện Nam Đông', 'Huyện Phong Điền', 'Thị xã Hương Trà'],
      'Thị xã Hương Thuỷ',
    ]) {
      assert.equal(units.filter(unit => fold(unit.name) === fold(name)).length, 1, name);
    }
  });
});
