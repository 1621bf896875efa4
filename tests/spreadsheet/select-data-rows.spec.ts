import assert from 'node:assert/strict';
import { findHeader } from '#hub/intake/spreadsheet/find-header.ts';
import { readXlsx } from '#hub/intake/spreadsheet/read-xlsx.ts';
import { selectDataRows } from '#hub/intake/spreadsheet/select-data-rows.ts';
import type { SheetRow } from '#hub/intake/spreadsheet/sheet-row.ts';
import { collect, rowsOf, workbook } from './temp-files.ts';

async function select(rows: SheetRow[]) {
  const all = async function* () {
    yield* rows;
  };
  return collect(selectDataRows(all(), findHeader(rows.slice(0, 30))));
}
const heading = 'STT,Họ và tên,Ngày sinh,CCCD,Chức vụ';
const names = async (...lines: string[]) =>
  (await select(await rowsOf([heading, ...lines].join('\n'), 'a.csv'))).map(row => [
    row.cells[1],
    row.sections.join(' > '),
  ]);

describe('telling the rows about people from the others', () => {
  it('keeps section headings for the rows below them, nested by their marks', async () => {
    const found = await names(
      'SỞ NỘI VỤ',
      'I,VĂN PHÒNG (2 người),,,',
      '1,Lê Văn An,1980,,',
      'II. Phòng Tổ chức,,,,',
      '1,Trần Thị B,1981,,',
      'SỞ Y TẾ,,,,',
      ',Văn phòng,,,',
      '1,Phạm C,1982,,',
      'A. KHỐI ĐẢNG,,,,',
      '2. Ban Tổ chức,,,,',
      '1,Hồ D,1983,,',
    );
    assert.deepEqual(found, [
      ['Lê Văn An', 'SỞ NỘI VỤ > VĂN PHÒNG'],
      ['Trần Thị B', 'SỞ NỘI VỤ > Phòng Tổ chức'],
      ['Phạm C', 'SỞ Y TẾ > Văn phòng'],
      ['Hồ D', 'SỞ Y TẾ > KHỐI ĐẢNG > Ban Tổ chức'],
    ]);
  });

  it('reads a section heading that is merged over the whole width', async () => {
    const path = await workbook(sheet => {
      sheet.addRow(['STT', 'Họ tên', 'CCCD', 'Đơn vị']);
      sheet.addRow(['PHÒNG 1']);
      sheet.addRow([1, 'Lê Văn An', '046080000001', 'Phòng A']);
      sheet.addRow([2, 'Trần Thị B', '046180000002']);
      sheet.mergeCells('A2:D2');
      sheet.mergeCells('D3:D4');
    });
    const found = await select(await collect(readXlsx(path)));
    assert.deepEqual(
      found.map(row => [row.cells[1], row.cells[3], row.sections]),
      [
        ['Lê Văn An', 'Phòng A', ['PHÒNG 1']],
        ['Trần Thị B', 'Phòng A', ['PHÒNG 1']],
      ],
    );
  });

  it('leaves out totals, signatures, repeated headings and repeated column numbers', async () => {
    const found = await names(
      '1,Lê Văn An,1980,,',
      heading,
      '(1),(2),(3),(4),(5)',
      '2,Trần Thị B,1981,,',
      ',Tổng cộng: 2 người,,,',
      'Tổng số,,12,7,',
      'II,PHÒNG B,12,7,',
      ',,,"Huế, ngày … tháng 5 năm 2018",',
      ',Người lập biểu,,Thủ trưởng đơn vị,',
      ',Nguyễn Văn X,,Phan Y,',
    );
    assert.deepEqual(
      found.map(([name]) => name),
      ['Lê Văn An', 'Trần Thị B'],
    );
  });

  it('starts without a section after the signatures of a list', async () => {
    const found = await names(
      'I. Phòng A,,,,',
      '1,Lê An,1980,,',
      ',Người lập,,,',
      heading,
      '1,Trần B,1981,,',
    );
    assert.deepEqual(found, [
      ['Lê An', 'Phòng A'],
      ['Trần B', ''],
    ]);
  });

  it('never drops an incomplete row that may be about a person', async () => {
    const found = await names(
      '1,Lê Văn An,,,',
      ',Tống Công Minh,,,Chuyên viên',
      ',,,046080000001,',
      '2,,1980,,',
    );
    assert.deepEqual(
      found.map(([name]) => name),
      ['Lê Văn An', 'Tống Công Minh', null, null],
    );
  });
});
