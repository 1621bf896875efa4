import assert from 'node:assert/strict';
import { decodeLegacy } from '#hub/intake/normalise/decode-legacy.ts';
import { decodeAs, detectColumn } from '#hub/intake/normalise/detect-encoding.ts';
import { tcvn3, vni } from '#hub/intake/normalise/legacy-tables.ts';

const small = [...'àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ'];
const capital = small.map(letter => letter.toUpperCase());

/** The inverse of the tables: what somebody with the old font would have typed. */
function typed(text: string, table: Map<string, string>): string {
  const codes = new Map<string, string>();
  for (const [code, letter] of table) if (!codes.has(letter)) codes.set(letter, code);
  return Array.from(text, letter => codes.get(letter) ?? letter).join('');
}

const names = [
  ...[
    'Nguyễn Văn An',
    'Trần Thị Hồng Nhung',
    'Lê Đức Dũng',
    'Phạm Thuỳ Dương',
    'Hoàng Ngọc Ánh',
    'Võ Sỹ Hưng',
  ],
  ...['Đặng Hữu Phước', 'Bùi Quỳnh Như', 'Đỗ Quốc Khánh', 'Hồ Xuân Trường', 'Ngô Tường Vy', 'Huỳnh Mỹ Lệ'],
  ...['Tôn Nữ Diệu Huyền', 'Phan Gia Khiêm', 'Lý Thái Bảo', 'Đoàn Phương Thảo', 'Trương Nguyệt Ánh'],
  ...['Sở Nông nghiệp và Phát triển nông thôn', 'Phòng Tổ chức cán bộ', 'Chuyên viên', 'Phó Trưởng phòng'],
];

describe('decoding of the old Vietnamese encodings', () => {
  it('knows all 67 accented letters in small and capital', () => {
    assert.equal(new Set([...small, ...capital]).size, 134);
  });

  it('round-trips every small TCVN3 letter and the seven capitals that have a code', () => {
    for (const letter of [...small, ...'ĂÂĐÊÔƠƯ']) {
      assert.equal(decodeAs(typed(letter, tcvn3), 'tcvn3'), letter, letter);
    }
  });

  it('gives the small letter for a TCVN3 capital with a tone, because the capital font shares its code', () => {
    const own = new Set('ĂÂĐÊÔƠƯ');
    const shared = capital.filter(letter => !own.has(letter));
    assert.equal(shared.length, 60);
    for (const letter of shared) {
      assert.equal(decodeAs(typed(letter.toLowerCase(), tcvn3), 'tcvn3'), letter.toLowerCase());
    }
  });

  it('round-trips all 134 VNI letters, and capitals with a small mark behind', () => {
    for (const letter of [...small, ...capital]) {
      assert.equal(decodeAs(typed(letter, vni), 'vni'), letter, letter);
    }
    assert.equal(decodeAs('Aùnh OÂng Oâng ÖÔÙC', 'vni'), 'Ánh Ông Ông ƯỚC');
  });

  it('recognises names and units typed in TCVN3 and in VNI', () => {
    for (const name of names.filter(each => /[^a-z ]/i.test(each))) {
      assert.deepEqual(decodeLegacy(typed(name, tcvn3)).text, name.normalize('NFC'), `tcvn3 ${name}`);
      assert.deepEqual(decodeLegacy(typed(name, vni)).text, name.normalize('NFC'), `vni ${name}`);
    }
    assert.deepEqual(decodeLegacy('NguyÔn V¨n An'), { text: 'Nguyễn Văn An', encoding: 'tcvn3' });
    assert.deepEqual(decodeLegacy('Nguyeãn Vaên An'), { text: 'Nguyễn Văn An', encoding: 'vni' });
    assert.equal(decodeLegacy('D­¬ng Thµnh'.normalize('NFD')).text, 'Dương Thành');
  });

  it('does not touch correct Unicode, composed or decomposed, old or new place of the tone', () => {
    const correct = [
      ...names,
      'Hòa',
      'Hoà',
      'Lý Hòa',
      'Trà Mi',
      'Đào Bá Lộc',
      'Hà Tú',
      'Cao Dòng',
      'LÊ VÂN',
      'Tô Hà',
    ];
    for (const name of correct) {
      for (const text of [name, name.normalize('NFD'), name.toUpperCase(), name.toLowerCase()]) {
        assert.deepEqual(decodeLegacy(text), { text, encoding: 'unicode' });
      }
    }
  });

  it('does not touch ASCII, other languages, symbols and the eth that stands for Đ', () => {
    for (const text of [
      ...[
        '',
        'Nguyen Van An',
        '01.003',
        'Café',
        'Müller',
        'François',
        'Núñez',
        '25 °C',
        '© 2018',
        '§ 5',
        'a · b',
      ],
      ...['«Hà Nam»', '5µm', 'Ðinh Lan', 'Nguyen\u00A0Van An', 'Đà Nẵng', 'Привет'],
    ]) {
      assert.deepEqual(decodeLegacy(text), { text, encoding: 'unicode' });
    }
  });

  it('knows the commonest middle name in VNI, which looks like a Unicode word', () => {
    assert.deepEqual(decodeLegacy('Phan Thò Hoàng'), { text: 'Phan Thị Hồng', encoding: 'vni' });
  });

  it('judges a doubtful cell by its column', () => {
    assert.equal(decodeLegacy('Cao Dòng').encoding, 'unicode');
    const column = detectColumn(['Cao Dòng', 'TrÇn H¶i', 'Lª V¨n An']);
    assert.equal(column, 'tcvn3');
    assert.deepEqual(decodeLegacy('Cao Dòng', 'tcvn3'), { text: 'Cao Dũng', encoding: 'tcvn3' });
    assert.deepEqual(decodeLegacy('Đỗ Dòng', 'tcvn3'), { text: 'Đỗ Dòng', encoding: 'unicode' });
  });

  describe('in a column', () => {
    const decodeAll = (cells: string[]): string[] => {
      const column = detectColumn(cells);
      return cells.map(cell => decodeLegacy(cell, column).text);
    };
    const unicode = ['Phan Thanh Tùng', 'Phan Lê Vân', 'Cao Minh Trí', 'Lê Bá Tú', 'Tô Lâm', 'Cao Dòng'];

    it('of Unicode converts only the pasted cell, whatever its neighbours could be read as', () => {
      for (const pasted of ['NguyÔn ThÞ H»ng', typed('Nguyễn Thị Hằng', vni)])
        for (const sure of ['Nguyễn Văn An', 'Lê Thanh Hà'])
          assert.deepEqual(decodeAll([pasted, sure, ...unicode]), ['Nguyễn Thị Hằng', sure, ...unicode]);
    });

    it('of Unicode without one sure cell still keeps them, because most could be either', () => {
      assert.deepEqual(decodeAll(['NguyÔn ThÞ H»ng', ...unicode]), ['Nguyễn Thị Hằng', ...unicode]);
    });

    it('of TCVN3 or VNI converts what could be either, and leaves names without marks', () => {
      const list = [
        'Trần Hải',
        'Lê Văn An',
        'Nguyễn Thị Hằng',
        'Cao Dũng',
        'Le Minh',
        'Y Bih',
        'Lê Tú',
        'Mai Nam',
      ];
      for (const table of [tcvn3, vni]) {
        assert.deepEqual(decodeAll(list.map(name => typed(name, table))), list);
      }
    });

    it('knows Unicode by the letters that the old encodings do not have', () => {
      assert.equal(detectColumn(['Lê Thanh Hà', 'NguyÔn ThÞ H»ng', 'TrÇn H¶i']), 'unicode');
      assert.equal(detectColumn(['TrÇn H¶i', 'Nam', 'Anh']), 'tcvn3');
      assert.equal(detectColumn(['Nam', 'Anh', '']), 'unicode');
    });
  });
});
