import assert from 'node:assert/strict';
import { createReadStream, createWriteStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import exceljs from 'exceljs';
import { findHeader } from '#hub/intake/spreadsheet/find-header.ts';
import { readXlsx } from '#hub/intake/spreadsheet/read-xlsx.ts';
import { type RefusedRow, writeRefusedWorkbook } from '#hub/intake/spreadsheet/write-refused.ts';
import { collect, tempFile } from './temp-files.ts';

const header = ['Họ tên', 'CCCD', 'Ngày sinh', 'Hệ số'];
async function write(rows: Iterable<RefusedRow>): Promise<string> {
  const path = await tempFile('', 'refused.xlsx');
  const source = async function* () {
    yield* rows;
  };
  await writeRefusedWorkbook(source(), header, createWriteStream(path));
  return path;
}

describe('writing the refused rows', () => {
  it('gives them back with row and reason first, codes as text and dates as dates', async () => {
    const birth = new Date('1980-02-01T00:00:00Z');
    const path = await write([
      { row: 12, reason: 'Số CCCD phải đủ 12 chữ số', cells: ['Lê An', '04608', birth, 2.34] },
      { row: 15, reason: 'Thiếu họ tên', cells: [null, '046080000001'] },
    ]);
    const rows = await collect(readXlsx(path));
    assert.deepEqual(
      rows.map(row => row.cells),
      [
        ['Dòng trong tệp gốc', 'Lý do', ...header],
        [12, 'Số CCCD phải đủ 12 chữ số', 'Lê An', '04608', birth, 2.34],
        [15, 'Thiếu họ tên', null, '046080000001'],
      ],
    );
    assert.deepEqual(findHeader(rows).unknownColumns, []);
  });

  it('opens in another reader and holds no formula, whatever the cells begin with', async () => {
    const hostile = ['=cmd|"/c calc"!A0', '+1+1', '-2+3', '@SUM(A1)', '\t=1', 'a\u0000b\u0008\ud800<&>"'];
    const path = await write(hostile.map((text, row) => ({ row, reason: text, cells: [text] })));
    const book = new exceljs.Workbook();
    await book.xlsx.read(createReadStream(path));
    const sheet = book.worksheets[0]!;
    assert.equal(sheet.rowCount, hostile.length + 1);
    sheet.eachRow(row =>
      row.eachCell(cell => {
        assert.notEqual(cell.type, exceljs.ValueType.Formula);
        assert.ok(typeof cell.value !== 'object');
        if (typeof cell.value === 'string' && cell.row !== '1')
          assert.ok(row.number === 1 || cell.numFmt === '@');
      }),
    );
    assert.equal(sheet.getCell('C2').value, hostile[0]);
  });

  it('waits for a slow reader instead of gathering the rows', async function () {
    this.timeout(30_000);
    const out = new PassThrough();
    let given = 0;
    const source = async function* () {
      for (; given < 20_000; given++)
        yield {
          row: given,
          reason: `${Math.random()}`,
          cells: Array.from({ length: 10 }, () => `${Math.random()}`),
        };
    };
    const written = writeRefusedWorkbook(source(), header, out);
    await new Promise<void>(resolve => {
      const look = () => (out.writableNeedDrain ? resolve() : setImmediate(look));
      look();
    });
    const before = given;
    for (let i = 0; i < 50; i++) await new Promise(resolve => setImmediate(resolve));
    assert.ok(given - before <= 200);
    out.resume();
    await written;
    assert.equal(given, 20_000);
  });

  it('fails when the reader goes away', async () => {
    const out = new PassThrough();
    const endless = async function* () {
      for (let row = 0; ; row++) yield { row, reason: 'x', cells: [`${Math.random()}`] };
    };
    const written = writeRefusedWorkbook(endless(), header, out);
    out.destroy();
    await assert.rejects(written, { code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });
});
