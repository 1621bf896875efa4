import assert from 'node:assert/strict';
import type exceljs from 'exceljs';
import { findHeader, type SavedMapping } from '#hub/intake/spreadsheet/find-header.ts';
import { readXlsx } from '#hub/intake/spreadsheet/read-xlsx.ts';
import { collect, rowsOf, workbook } from './temp-files.ts';

const headerOf = async (fill: (sheet: exceljs.Worksheet) => void, saved?: SavedMapping) =>
  findHeader((await collect(readXlsx(await workbook(fill)))).slice(0, 30), saved);
const csvHeader = async (text: string, saved?: SavedMapping) =>
  findHeader(await rowsOf(text, 'a.csv'), saved);
const columnsOf = (header: { columns: Map<string, number> }) => Object.fromEntries(header.columns);

describe('finding the heading of a list', () => {
  it('knows the headings in any order, case and accenting', async () => {
    const header = await csvHeader(
      'HE SO,ngày hưởng,Mã CBCCVC,HỌ VÀ TÊN (*),Số CCCD,Ngày sinh (dd/mm/yyyy),Giới tính,Cơ quan,Chức danh,' +
        'Mã ngạch,Bậc,Thư điện tử,SĐT,Khen thưởng,STT,Ghi chú\n',
    );
    assert.deepEqual(columnsOf(header), {
      coefficient: 0,
      salaryFrom: 1,
      code: 2,
      name: 3,
      citizenNumber: 4,
      birthDate: 5,
      gender: 6,
      unit: 7,
      title: 8,
      rank: 9,
      grade: 10,
      email: 11,
      phone: 12,
      awards: 13,
      ordinal: 14,
      ignored: 15,
    });
    assert.deepEqual(
      [header.headerRows, header.firstDataRow, header.missing, header.unknownColumns],
      [[1], 2, [], []],
    );
  });

  it('finds two heading rows with merged groups below title lines, and skips the column numbers', async () => {
    const header = await headerOf(sheet => {
      sheet.getCell('A1').value = 'SỞ NỘI VỤ';
      sheet.getCell('A2').value = 'DANH SÁCH CÁN BỘ, CÔNG CHỨC, VIÊN CHỨC';
      sheet.getCell('A3').value = '(Kèm theo Công văn số 12 ngày 01/02/2018)';
      const upper = ['TT', 'Họ và tên', 'Ngày, tháng, năm sinh', null, 'Chức vụ', 'Lương hiện hưởng'];
      sheet.getRow(5).values = [...upper, null, null, null, 'Phụ cấp chức vụ', null];
      const lower = ['Nam', 'Nữ', null, 'Mã số', 'Bậc', 'Hệ số', 'Ngày hưởng', 'Hệ số', 'Ngày hưởng'];
      sheet.getRow(6).values = [null, null, ...lower];
      sheet.getRow(7).values = Array.from({ length: 11 }, (_, i) => `(${i + 1})`);
      sheet.getRow(8).values = [
        1,
        'Lê Văn An',
        '01/02/1980',
        null,
        'Chuyên viên',
        '01.003',
        3,
        3,
        '01/01/2017',
        0.4,
      ];
      for (const merge of ['A1:K1', 'A2:K2', 'A3:K3', 'A5:A6', 'B5:B6', 'C5:D5', 'E5:E6', 'F5:I5', 'J5:K5'])
        sheet.mergeCells(merge);
    });
    assert.deepEqual([header.headerRows, header.firstDataRow, header.missing], [[5, 6], 8, []]);
    assert.deepEqual(columnsOf(header), {
      ordinal: 0,
      name: 1,
      male: 2,
      female: 3,
      title: 4,
      rank: 5,
      grade: 6,
      coefficient: 7,
      salaryFrom: 8,
    });
    assert.deepEqual(header.unknownColumns, [
      { index: 9, heading: 'Phụ cấp chức vụ / Hệ số' },
      { index: 10, heading: 'Phụ cấp chức vụ / Ngày hưởng' },
    ]);
  });

  it('finds two heading rows without merges, and a split name', async () => {
    const header = await csvHeader(
      'Danh sách,,,,,\nSTT,Họ đệm,Tên,Năm sinh,,Lương,,\n,,,Nam,Nữ,Mã ngạch,Bậc,Hệ số\n1,Lê Văn,An,1980,,01.003,3,3.00\n',
    );
    assert.deepEqual(columnsOf(header), {
      ordinal: 0,
      familyName: 1,
      givenName: 2,
      male: 3,
      female: 4,
      rank: 5,
      grade: 6,
      coefficient: 7,
    });
    assert.deepEqual([header.headerRows, header.firstDataRow, header.missing], [[2, 3], 4, []]);
  });

  it('takes the whole height of headings that are merged over two rows without a group', async () => {
    const header = await headerOf(sheet => {
      sheet.getRow(1).values = ['Họ tên', 'CCCD', 'Quê quán', null];
      sheet.getRow(2).values = [null, null, 'Xã', 'Huyện'];
      sheet.getRow(3).values = ['Lê Văn An', '046080000001', 'A', 'B'];
      for (const merge of ['A1:A2', 'B1:B2', 'C1:D1']) sheet.mergeCells(merge);
    });
    assert.deepEqual([header.headerRows, header.firstDataRow], [[1, 2], 3]);
    assert.deepEqual(
      header.unknownColumns.map(column => column.heading),
      ['Quê quán / Xã', 'Quê quán / Huyện'],
    );
  });

  it('lets a saved mapping go before its own understanding', async () => {
    const text = 'Họ tên,Mã số,Số hiệu,Hộp\nLê Văn An,1,2,3\n';
    const header = await csvHeader(text, { 'SỐ HIỆU': 'code', hộp: 'email' });
    assert.deepEqual(columnsOf(header), { name: 0, code: 2, email: 3 });
    assert.deepEqual(header.unknownColumns, [{ index: 1, heading: 'Mã số', sameAs: 'code' }]);
  });

  it('names the columns that it does not know and the fields that it cannot do without', async () => {
    const header = await csvHeader('Đơn vị,Chức vụ,Màu mắt\nA,B,C\n');
    assert.deepEqual(header.unknownColumns, [{ index: 2, heading: 'Màu mắt' }]);
    assert.deepEqual(header.missing, ['name', 'citizenNumber']);
  });

  it('finds no heading where there is none', async () => {
    const header = await csvHeader('1,2,3\n4,5,6\n');
    assert.deepEqual([header.headerRows, header.firstDataRow, header.columns.size], [[], 1, 0]);
    assert.deepEqual(header.missing, ['name', 'citizenNumber']);
  });

  it('does not take the facts about a relative for those of the person', async () => {
    const header = await csvHeader('Họ và tên,CCCD,Vợ (chồng),\n,,Họ và tên,CCCD\n');
    assert.deepEqual(columnsOf(header), { name: 0, citizenNumber: 1 });
  });
});
