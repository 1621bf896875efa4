import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { crc32, createDeflateRaw } from 'node:zlib';
import { buildXlsx } from './build-xlsx.ts';
import { buildZip } from './build-zip.ts';
import { rowsOf } from './temp-files.ts';

const megabyte = 1024 * 1024;

/** A part of so many megabytes of blanks, deflated to a thousandth without ever being held. */
async function blanks(megabytes: number, before = '', afterwards = '') {
  const deflate = createDeflateRaw();
  const chunks: Buffer[] = [];
  deflate.on('data', chunk => chunks.push(chunk));
  const chunk = Buffer.alloc(megabyte, ' ');
  let checksum = crc32(before);
  deflate.write(before);
  for (let i = 0; i < megabytes; i++) {
    checksum = crc32(chunk, checksum);
    if (!deflate.write(chunk)) await new Promise(resolve => deflate.once('drain', resolve));
  }
  deflate.end(afterwards);
  await new Promise(resolve => deflate.once('end', resolve));
  const size = megabytes * megabyte + before.length + afterwards.length;
  return { deflated: Buffer.concat(chunks), checksum: crc32(afterwards, checksum), size };
}

/** The code that an upload is refused with; it must come within two seconds and 100 MB. */
async function refusal(content: string | Buffer, fileName = 'upload.xlsx', options = {}): Promise<string> {
  const start = performance.now();
  const before = process.memoryUsage.rss();
  const error = await rowsOf(content, fileName, options).then(
    () => assert.fail('accepted'),
    (error: { code: string }) => error,
  );
  assert.ok(performance.now() - start < 2000, 'slow');
  assert.ok(process.memoryUsage.rss() - before < 100 * megabyte, 'much memory');
  return error.code;
}

describe('refusing what is no spreadsheet', () => {
  it('refuses a zip bomb by what it declares', async () => {
    assert.equal(await refusal(buildXlsx({ sheet: await blanks(300) })), 'zip-bomb');
    assert.equal(await refusal(buildXlsx({ sheet: await blanks(20) })), 'zip-bomb');
    const more = Array.from({ length: 2001 }, (_, i) => ({ name: `xl/media/${i}` }));
    assert.equal(await refusal(buildXlsx({ more })), 'zip-bomb');
  });

  it('refuses a bomb that declares less than it holds', async () => {
    const sheet = { ...(await blanks(300, '<worksheet><sheetData>')), size: 5000 };
    assert.equal(await refusal(buildXlsx({ sheet })), 'zip-bomb');
  });

  it('refuses one endless tag or text before it fills the memory', async () => {
    const sheet = await blanks(150, '<worksheet><sheetData><row><c t="str"><v>');
    assert.equal(await refusal(buildXlsx({ sheet }), 'x.xlsx', { ratio: 10_000 }), 'broken-xml');
    const tag = await blanks(150, '<worksheet><sheetData ');
    assert.equal(await refusal(buildXlsx({ sheet: tag }), 'x.xlsx', { ratio: 10_000 }), 'broken-xml');
  });

  it('refuses a part whose checksum or size is wrong, a cut package, and two entries of one name', async () => {
    const content = '<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>';
    assert.equal(await refusal(buildXlsx({ sheet: { content, checksum: 1 } })), 'broken-zip');
    assert.equal(await refusal(buildXlsx({ sheet: { content, size: 5000 } })), 'broken-zip');
    const whole = buildXlsx({ sheet: { content } });
    assert.equal(await refusal(whole.subarray(0, whole.length / 2)), 'broken-zip');
    const twice = [{ name: 'XL/worksheets/sheet1.xml', content }];
    assert.equal(await refusal(buildXlsx({ sheet: { content }, more: twice })), 'broken-zip');
  });

  it('refuses broken XML, a DOCTYPE, an unknown entity and deep nesting', async () => {
    const sheet = (content: string) => refusal(buildXlsx({ sheet: { content } }));
    assert.equal(await sheet('<worksheet><sheetData><row><c><v>1</v></row></worksheet>'), 'broken-xml');
    assert.equal(await sheet('<worksheet><sheetData><row><c><v>1</v></c></row>'), 'broken-xml');
    assert.equal(await sheet('<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'), 'broken-xml');
    assert.equal(
      await sheet('<worksheet><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'),
      'broken-xml',
    );
    assert.equal(await sheet('<a>'.repeat(1000)), 'broken-xml');
    assert.equal(await refusal(buildXlsx({ data: '<row><c t="s"><v>9</v></c></row>' })), 'broken-xml');
    assert.equal(
      await refusal(buildXlsx({ data: '<row r="2"><c><v>1</v></c></row><row r="1"/>' })),
      'broken-xml',
    );
  });

  it('refuses merges that overlap in their thousands', async () => {
    const tail = `<mergeCells>${'<mergeCell ref="A1:B1048576"/>'.repeat(5000)}</mergeCells>`;
    assert.equal(await refusal(buildXlsx({ data: '<row><c><v>1</v></c></row>', tail })), 'broken-xml');
  });

  it('refuses an old workbook, a locked workbook and a Word file by their content', async () => {
    const ole = (stream: string) => {
      const file = Buffer.alloc(4096);
      file.write('d0cf11e0a1b11ae1', 'hex');
      file.writeUInt16LE(9, 30);
      file.writeUInt32LE(1, 48);
      file.write(stream, 1024 + 128, 'utf16le');
      return file;
    };
    assert.equal(await refusal(ole('Workbook')), 'old-xls');
    assert.equal(await refusal(ole('EncryptedPackage')), 'encrypted');
    assert.equal(await refusal(ole('WordDocument')), 'not-a-spreadsheet');
    const locked = buildZip([{ name: 'xl/workbook.xml', content: 'x', flags: 1 }]);
    assert.equal(await refusal(locked), 'encrypted');
  });

  it('refuses a web page saved as .xls, a PDF, other packages, random bytes and plain prose', async () => {
    assert.equal(
      await refusal('\ufeff\n<html><table><tr><td>1</td></tr></table>', 'a.xls'),
      'not-a-spreadsheet',
    );
    assert.equal(await refusal('<?xml version="1.0"?><Workbook/>', 'a.xls'), 'not-a-spreadsheet');
    assert.equal(await refusal('%PDF-1.7\n1,2,3', 'a.xlsx'), 'not-a-spreadsheet');
    assert.equal(
      await refusal(buildZip([{ name: 'word/document.xml', content: '<a/>' }])),
      'not-a-spreadsheet',
    );
    assert.equal(await refusal(randomBytes(10_000), 'a.csv'), 'not-a-spreadsheet');
    assert.equal(await refusal('Internal Server Error', 'a.xlsx'), 'not-a-spreadsheet');
    assert.equal(await refusal('', 'a.xlsx'), 'empty');
    assert.equal(await refusal('\n\n , \n', 'a.csv'), 'empty');
  });

  it('refuses more rows, columns or text in a cell than the limits allow', async () => {
    const data = '<row><c><v>1</v></c></row>'.repeat(3);
    assert.equal(await refusal(buildXlsx({ data }), 'a.xlsx', { rows: 2 }), 'too-many-rows');
    assert.equal(await refusal('a,b\n1,2\n3,4', 'a.csv', { rows: 2 }), 'too-many-rows');
    const far = '<row><c r="XFD1"><v>1</v></c></row>';
    assert.equal(await refusal(buildXlsx({ data: far })), 'too-many-columns');
    assert.equal(await refusal('a,b,c', 'a.csv', { columns: 2 }), 'too-many-columns');
    const long = `<row><c t="inlineStr"><is><t>${'x'.repeat(32_768)}</t></is></c></row>`;
    assert.equal(await refusal(buildXlsx({ data: long })), 'text-too-long');
    assert.equal(await refusal(`a,b\n1,${'x'.repeat(32_768)}`, 'a.csv'), 'text-too-long');
    assert.equal(await refusal(`a,b\n1,"${'x'.repeat(4_000_000)}`, 'a.csv'), 'text-too-long');
  });
});
