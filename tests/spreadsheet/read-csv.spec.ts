import assert from 'node:assert/strict';
import { rowsOf } from './temp-files.ts';

const table = async (content: string | Buffer, name = 'list.csv') =>
  (await rowsOf(content, name)).map(row => [row.number, ...row.cells]);
const expected = [
  [1, 'Họ tên', 'CCCD'],
  [2, 'Lê Ánh', '046085000001'],
];

describe('reading a CSV file', () => {
  it('reads UTF-8 with and without a byte order mark', async () => {
    const text = 'Họ tên,CCCD\r\nLê Ánh,046085000001\r\n';
    assert.deepEqual(await table(text), expected);
    assert.deepEqual(await table(`\ufeff${text}`), expected);
  });

  it('reads the Unicode text of Excel: UTF-16 with tabs, whatever its extension', async () => {
    const text = '\ufeffHọ tên\tCCCD\r\nLê Ánh\t046085000001\r\n';
    assert.deepEqual(await table(Buffer.from(text, 'utf16le'), 'list.xls'), expected);
    assert.deepEqual(await table(Buffer.from(text, 'utf16le').swap16()), expected);
  });

  it('finds the delimiter, also when the other ones stand in the values, and believes a sep= line', async () => {
    assert.deepEqual(await table('Họ tên;CCCD\nLê Ánh;046085000001'), expected);
    const commas = 'Hệ số;Đơn vị\n"2,34";Sở Y tế, Huế\n3,00;Sở Nội vụ\n';
    assert.deepEqual((await table(commas))[1], [2, '2,34', 'Sở Y tế, Huế']);
    assert.deepEqual(await table('sep=;\na,b;c'), [[2, 'a,b', 'c']]);
  });

  it('keeps line breaks, delimiters and doubled quotes inside quotes', async () => {
    assert.deepEqual(await table('a,b\n"x\ny, ""z""",2\n\n3,4'), [
      [1, 'a', 'b'],
      [2, 'x\ny, "z"', '2'],
      [4, '3', '4'],
    ]);
  });

  it('keeps the bytes of an old encoding apart, so that TCVN3 can be told later', async () => {
    const tcvn3 = Buffer.from('Hä vµ tªn,§¬n vÞ\nNguyÔn V¨n An,Së Néi vô\n', 'latin1');
    assert.deepEqual((await table(tcvn3))[1], [2, 'NguyÔn V¨n An', 'Së Néi vô']);
  });

  it('tells where a quoted value starts that never ends', async () => {
    await assert.rejects(table('a,b\n1,2\n"3,4\n5,6'), {
      code: 'broken-csv',
      params: { limit: 32_767, row: 3 },
    });
  });

  it('leaves out blank rows and trailing blanks but counts them', async () => {
    assert.deepEqual(await table('a,b,,\n , \nc,d'), [
      [1, 'a', 'b'],
      [3, 'c', 'd'],
    ]);
  });
});
