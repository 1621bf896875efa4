import assert from 'node:assert/strict';
import { readXlsx } from '#hub/intake/spreadsheet/read-xlsx.ts';
import { buildXlsx } from './build-xlsx.ts';
import { collect, rowsOf, workbook } from './temp-files.ts';

const day = (iso: string) => new Date(`${iso}T00:00:00Z`);
const cellsOf = async (book: Parameters<typeof buildXlsx>[0]) => (await rowsOf(buildXlsx(book)))[0]?.cells;

describe('reading an xlsx workbook', () => {
  it('gives text, numbers, dates and booleans at their columns, and rows by their sheet number', async () => {
    const path = await workbook(sheet => {
      sheet.getCell('B3').value = 'Nguyễn Thị Ánh';
      sheet.getCell('D3').value = 2.34;
      sheet.getCell('E3').value = day('1985-02-28');
      sheet.getCell('E3').numFmt = 'dd/mm/yyyy;@';
      sheet.getCell('F3').value = true;
      sheet.getCell('A9').value = '046085000001';
      sheet.getCell('B9').value = 46085000001;
    });
    assert.deepEqual(await collect(readXlsx(path)), [
      { number: 3, cells: [null, 'Nguyễn Thị Ánh', null, 2.34, day('1985-02-28'), true] },
      { number: 9, cells: ['046085000001', 46085000001] },
    ]);
  });

  it('leaves no broken letter where a chunk of the file ends inside one', async () => {
    const name = 'Đặng Nguyễn Thường Ẩn Ưỡng Ửng';
    const path = await workbook(sheet => {
      for (let i = 0; i < 8000; i++) sheet.addRow([`${name} ${i}`]);
    });
    const rows = await collect(readXlsx(path));
    assert.equal(rows.length, 8000);
    assert.ok(rows.every((row, i) => row.cells[0] === `${name} ${i}`));
  });

  it('joins rich text and leaves out phonetic guides', async () => {
    const strings =
      '<si><r><t>Trần </t></r><r><rPr><b/></rPr><t>Văn B</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>';
    assert.deepEqual(await cellsOf({ strings, data: '<row r="1"><c r="A1" t="s"><v>0</v></c></row>' }), [
      'Trần Văn B',
    ]);
  });

  it('reads inline strings, escapes, error cells and a namespace prefix', async () => {
    const data =
      '<x:row xmlns:x="urn:x"><x:c t="inlineStr"><x:is><x:t>Lê &amp; C_x000A_D</x:t></x:is></x:c>' +
      '<x:c t="e"><x:v>#N/A</x:v></x:c><x:c t="d"><x:v>2001-09-30T00:00:00</x:v></x:c></x:row>';
    assert.deepEqual(await cellsOf({ data }), ['Lê & C\nD', '#N/A', day('2001-09-30')]);
  });

  it('takes the stored result of a formula and evaluates nothing', async () => {
    const data = '<row><c><f>1+1</f><v>7</v></c><c t="str"><f>CMD()</f><v>=x</v></c><c><f>2+2</f></c></row>';
    assert.deepEqual(await cellsOf({ data }), [7, '=x']);
  });

  it('knows dates by their format, in both date systems, and leaves times and money alone', async () => {
    const formats = ['d/m/yyyy', '[$-42A]dddd, dd mmmm yyyy', 'hh:mm:ss', '#,##0&quot; đ&quot;', 'yyyy'];
    const data = `<row>${formats.map((_, i) => `<c s="${i + 1}"><v>31106.75</v></c>`).join('')}</row>`;
    const date = day('1985-02-28');
    assert.deepEqual(await cellsOf({ formats, data }), [date, date, 31106.75, 31106.75, date]);
    const properties = '<workbookPr date1904="1"/>';
    assert.deepEqual((await cellsOf({ formats, data, properties }))?.[0], day('1989-03-01'));
    const early = '<row><c s="1"><v>1</v></c><c s="1"><v>61</v></c><c s="1"><v>-5</v></c></row>';
    assert.deepEqual(await cellsOf({ formats, data: early }), [day('1900-01-01'), day('1900-03-01'), -5]);
  });

  it('gives a number its leading zeros when the cell shows them', async () => {
    const data = '<row><c s="1"><v>46085000001</v></c></row>';
    assert.deepEqual(await cellsOf({ formats: ['000000000000'], data }), ['046085000001']);
  });

  it('lends the value of a merged cell to all the cells that it covers, and says so', async () => {
    const path = await workbook(sheet => {
      sheet.addRow(['Sở Nội vụ', 'A', 1]);
      sheet.addRow([null, 'B', 2]);
      sheet.addRow(['Sở Y tế', 'C', null]);
      sheet.mergeCells('A1:A2');
      sheet.mergeCells('B3:C3');
    });
    const rows = await collect(readXlsx(path));
    assert.deepEqual(
      rows.map(row => row.cells),
      [
        ['Sở Nội vụ', 'A', 1],
        ['Sở Nội vụ', 'B', 2],
        ['Sở Y tế', 'C', 'C'],
      ],
    );
    assert.equal(rows[0]!.mergedFrom, undefined);
    assert.deepEqual([...rows[1]!.mergedFrom!], [[0, { row: 1, column: 0 }]]);
    assert.deepEqual([...rows[2]!.mergedFrom!], [[2, { row: 3, column: 1 }]]);
  });

  it('takes the first visible sheet that has rows, or the sheet asked for', async () => {
    const path = await workbook((_, book) => {
      book.addWorksheet('Ẩn', { state: 'hidden' }).addRow(['hidden']);
      book.addWorksheet('Cán bộ').addRow(['staff']);
      book.addWorksheet('Khác').addRow(['other']);
    });
    const first = async (sheet?: string) => (await collect(readXlsx(path, { sheet })))[0]?.cells[0];
    assert.equal(await first(), 'staff');
    assert.equal(await first(' khác '), 'other');
    assert.equal(await first('Ẩn'), 'hidden');
    await assert.rejects(first('Không có'), { code: 'sheet-not-found' });
  });

  it('says that a workbook without values is empty', async () => {
    await assert.rejects(rowsOf(buildXlsx({ data: '<row r="1"><c r="A1" s="0"/></row>' })), {
      code: 'empty',
    });
  });

  it('reads 30,000 rows of 16 columns without holding them', async function () {
    this.timeout(30_000);
    const row = (i: number) =>
      `<row>${Array.from({ length: 16 }, (_, c) => `<c t="inlineStr"><is><t>Ô ${i} ${c}</t></is></c>`).join('')}</row>`;
    const path = buildXlsx({ data: Array.from({ length: 30_000 }, (_, i) => row(i)).join('') });
    let rows = 0;
    const before = process.memoryUsage.rss();
    const { openTable } = await import('#hub/intake/spreadsheet/open-table.ts');
    const { tempFile } = await import('./temp-files.ts');
    const table = await openTable(await tempFile(path), 'x.xlsx');
    for await (const { cells } of table.rows) rows += cells.length === 16 ? 1 : 0;
    assert.equal(rows, 30_000);
    assert.ok(process.memoryUsage.rss() - before < 150e6);
  });
});
