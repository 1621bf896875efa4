import assert from 'node:assert/strict';
import { normaliseName } from '#hub/intake/normalise/normalise-name.ts';

describe('normalising a name', () => {
  it('leaves a good name alone', () => {
    assert.deepEqual(normaliseName('Nguyễn Thị Minh Châu'), { value: 'Nguyễn Thị Minh Châu', flags: [] });
  });

  it('composes NFD, collapses blanks of every kind and says so', () => {
    assert.deepEqual(normaliseName(' Lê\u00A0 Văn\u200B  An\n'.normalize('NFD')), {
      value: 'Lê Văn An',
      flags: ['composed', 'respaced'],
    });
  });

  it('gives names in one case title case, and keeps mixed case', () => {
    assert.deepEqual(normaliseName('ĐẶNG THỊ ÁNH'), { value: 'Đặng Thị Ánh', flags: ['recased'] });
    assert.deepEqual(normaliseName('ưng thị ỷ lan'), { value: 'Ưng Thị Ỷ Lan', flags: ['recased'] });
    assert.deepEqual(normaliseName('Nguyễn van An'), { value: 'Nguyễn van An', flags: [] });
    assert.deepEqual(normaliseName("H'HEN NIÊ"), { value: "H'Hen Niê", flags: ['recased'] });
  });

  it('decodes old encodings, also from a capital font', () => {
    assert.deepEqual(normaliseName('TrÇn V¨n H­ng'), { value: 'Trần Văn Hưng', flags: ['decoded-tcvn3'] });
    assert.deepEqual(normaliseName('NGUYÔN V¡N §øC'), {
      value: 'Nguyễn Văn Đức',
      flags: ['decoded-tcvn3', 'recased'],
    });
    assert.deepEqual(normaliseName('TrÇn ThÞ ¸nh'), {
      value: 'Trần Thị Ánh',
      flags: ['decoded-tcvn3', 'recased'],
    });
    assert.deepEqual(normaliseName('TRAÀN THÒ HÖÔNG'), {
      value: 'Trần Thị Hương',
      flags: ['decoded-vni', 'recased'],
    });
  });

  it('replaces eth with đ and warns of a single word', () => {
    assert.deepEqual(normaliseName('Ðặng Văn An'), { value: 'Đặng Văn An', flags: ['eth-replaced'] });
    assert.deepEqual(normaliseName('Châu'), { value: 'Châu', flags: ['single-word-name'] });
  });

  it('refuses digits, punctuation, look-alike letters, and what is no name', () => {
    const refused: [unknown, string][] = [
      ...([
        ['Nguyễn Văn An 2', 'name-has-digits'],
        [12, 'name-has-digits'],
      ] as [unknown, string][]),
      ...([
        ['Nguyễn Văn An (A)', 'name-has-punctuation'],
        ['An.', 'name-has-punctuation'],
      ] as [unknown, string][]),
      ...([
        ['Nguyễn Vаn An', 'name-has-foreign-letters'],
        ['A', 'name-too-short'],
      ] as [unknown, string][]),
      ...([
        ['  ', 'value-missing'],
        [null, 'value-missing'],
        [true, 'value-wrong-type'],
      ] as [unknown, string][]),
      ['An '.repeat(50), 'name-too-long'],
    ];
    for (const [cell, error] of refused) {
      const result = normaliseName(cell as string);
      assert.equal('error' in result && result.error, error, String(cell));
    }
  });
});
