import assert from 'node:assert/strict';
import { readSignOnSettings } from '#hub/platform/read-sign-on-settings.ts';
import { isIdle, whyChange } from '#sso/accounts/password-age.ts';
import { unmetRules } from '#sso/accounts/password-rules.ts';

describe('The rules for passwords', () => {
  const settings = readSignOnSettings(undefined);
  const person = {
    name: 'Trần Thị Hương Giang',
    username: 'gianttth2',
    code: 'CB-00417',
    birthDate: '1990-05-01',
  };
  const unmet = (password: string, changes: Partial<typeof settings> = {}, who = person) =>
    unmetRules(password, who, { ...settings, ...changes }).map(({ rule }) => rule);

  it('take what is long enough, mixed and nobody guesses, in Vietnamese too', () => {
    for (const good of ['Mưa trên phố 7!', 'x9$Kpqv2', 'Đò Dọc 1971.', 'ổ Ổ1 ơi là dài quá', 'Bún bò, 30k'])
      assert.deepEqual(unmet(good), [], good);
  });

  it('name everything that is missing at once', () => {
    assert.deepEqual(unmet(''), ['too-short', 'no-lower', 'no-upper', 'no-digit', 'no-sign', 'common']);
    assert.deepEqual(unmet('ngựa hồng'), ['no-upper', 'no-digit']);
    assert.deepEqual(unmet('NGUAHONG7'), ['no-lower', 'no-sign']);
    assert.deepEqual(unmet('a'.repeat(201)), ['too-long']);
  });

  it('count characters as people do, however they are stored', () => {
    const typed = 'Ếch 1 ộp'.normalize('NFC');
    assert.deepEqual(unmet(typed), []);
    assert.deepEqual(unmet('Ếch1 ộ'), ['too-short']);
    assert.ok(unmet('Ab1!😀😀😀').includes('too-short'), 'seven, although ten code units');
  });

  it('ask for no mixture where the IT centre does not', () => {
    assert.deepEqual(unmet('mây trắng bay', { passwordMixed: false }), []);
    assert.deepEqual(unmet('mây trắng bay', { passwordMixed: false, passwordMinLength: 14 }), ['too-short']);
  });

  it('keep out what others know of the person, with or without accents, signs and blanks between', () => {
    const cases: [string, string][] = [
      ['Xy!gianttth2', 'holds-username'],
      ['Xy-cb.00417z', 'holds-code'],
      ['Sinh 01/05/1990', 'holds-birth-date'],
      ['Sinh 1990.05.01', 'holds-birth-date'],
      ['Sinh 010590 !', 'holds-birth-date'],
      ['Sinh 1/5/1990', 'holds-birth-date'],
      ['Em là GIANG 77', 'holds-name'],
      ['Trần-Giáng 7', 'holds-name'],
      ['hUong.giang 7', 'holds-name'],
    ];
    for (const [password, rule] of cases) assert.deepEqual(unmet(password), [rule], password);
  });

  it('let short names pass that are in half of all words', () => {
    const an = { name: 'Lê An', username: 'anl', code: 'X', birthDate: '' };
    assert.deepEqual(unmet('Bàn tay 5 ngón', {}, an), []);
    assert.deepEqual(unmet('Là Lê An 5!', {}, an), ['holds-name']);
  });

  it('keep out what is guessed first, under whatever numbers and signs', () => {
    const common = [
      'Matkhau@123',
      'Mật khẩu 1!',
      'P@ssw0rd',
      'Abc@1234',
      'Qwerty!23',
      'Admin@2026',
      'ThuaThienHue@1',
    ];
    for (const password of [...common, 'Vietnam@2025', '1qaz@WSX', 'Aa1!Aa1!', '!!Iloveyou1'])
      assert.deepEqual(unmet(password), ['common'], password);
  });
});

describe('The age of a password', () => {
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
  const kept = (age: number, mustChange = false) => ({
    hash: '',
    changedAt: ago(age),
    usedAt: ago(age),
    mustChange,
  });

  it('matters to people with a role, and a password from somebody else to everybody', () => {
    assert.equal(whyChange(kept(61), ['clerk'], { adminPasswordDays: 60 }), 'old');
    assert.equal(whyChange(kept(59), ['clerk'], { adminPasswordDays: 60 }), undefined);
    assert.equal(whyChange(kept(61), [], { adminPasswordDays: 60 }), undefined);
    assert.equal(whyChange(kept(999), ['clerk'], { adminPasswordDays: 0 }), undefined);
    assert.equal(whyChange(kept(1, true), [], { adminPasswordDays: 60 }), 'given');
  });

  it('ends it when nobody has used it for long, unless that is never', () => {
    assert.equal(isIdle(kept(46), { idleDays: 45 }), true);
    assert.equal(isIdle(kept(44), { idleDays: 45 }), false);
    assert.equal(isIdle(kept(999), { idleDays: 0 }), false);
  });
});
