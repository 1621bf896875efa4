import assert from 'node:assert/strict';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import { isSyllable } from '#hub/platform/vietnamese/is-syllable.ts';
import { splitName } from '#hub/platform/vietnamese/split-name.ts';
import { usernameBase } from '#hub/platform/vietnamese/username.ts';

describe('folding', () => {
  it('is the same for NFC, NFD, capitals and both places of a tone', () => {
    for (const text of ['Hương Thuỷ', 'Hương Thủy', 'HƯƠNG THỦY', 'Hương Thủy'.normalize('NFD')]) {
      assert.equal(fold(text), 'huong thuy');
    }
  });

  it('drops đ, eth, tones, invisible characters and superfluous blanks', () => {
    assert.equal(fold(' Đặng \t Ðình\u00A0Đ\u200Bức\n'), 'dang dinh duc');
    assert.equal(fold('Họ và tên (*)'), 'ho va ten (*)');
  });
});

describe('splitting a name', () => {
  it('takes the last word as the given name', () => {
    const parts = splitName(' Nguyễn Thị  Minh Châu ');
    assert.deepEqual(parts, {
      family: 'Nguyễn',
      middle: 'Thị Minh',
      given: 'Châu',
      sortKey: 'Châu Nguyễn Thị Minh',
    });
    assert.deepEqual(splitName('Châu'), { family: '', middle: '', given: 'Châu', sortKey: 'Châu' });
  });

  it('sorts by given name in Vietnamese order', () => {
    const collator = new Intl.Collator('vi');
    const sorted = ['Lê Văn Ân', 'Võ Thị An', 'Lê Thị An', 'Đỗ Ái', 'Trần Đức', 'Bùi Dũng', 'Hồ Ánh']
      .map(name => ({ name, key: splitName(name).sortKey }))
      .sort((a, b) => collator.compare(a.key, b.key))
      .map(({ name }) => name);
    assert.deepEqual(sorted, [
      ...['Đỗ Ái', 'Lê Thị An', 'Võ Thị An', 'Hồ Ánh', 'Lê Văn Ân', 'Bùi Dũng', 'Trần Đức'],
    ]);
  });
});

describe('the user-name rule', () => {
  it('joins the given name and the initials of the others', () => {
    assert.equal(usernameBase('Nguyễn Văn An'), 'annv');
    assert.equal(usernameBase('Tôn Nữ Thị Đoan Trang'), 'trangtntd');
    assert.equal(usernameBase('Đỗ Lê'), 'led');
    assert.equal(usernameBase('Châu'), 'chau');
    assert.equal(usernameBase("H'Hen Niê"), 'nieh');
    assert.equal(usernameBase('Nguyễn Văn An'.normalize('NFD')), 'annv');
  });
});

describe('recognising a syllable', () => {
  it('accepts real syllables and refuses misread ones', () => {
    const real =
      'nguyễn quỳnh giếng gì già quý khuya ngoằn nghiêng xoong thuở đức yến ý uỷ Huỳnh MỸ hoà hòa khuỷu của mượn quốc lửa người quý thuỷ thủy ngoài mía giữa giặt quạ';
    for (const word of real.split(' ')) assert.ok(isSyllable(word), word);
    for (const word of [
      'nguyôn',
      'viöt',
      'vaên',
      'nguyeãn',
      'côté',
      'müller',
      'hàc',
      'b',
      '',
      'tràán',
      'nhaõ',
      'quoác',
      'quyù',
      'maí',
      'nghóa',
    ]) {
      assert.equal(isSyllable(word), false, word);
    }
  });
});
