import { createWriteStream } from 'node:fs';
import exceljs from 'exceljs';
import type { ProvinceStaff } from '#sandbox/province/generate-staff.ts';

const day = (text: string | undefined): string => (text ?? '').split('-').reverse().join('/');

const headings = [
  'STT',
  'Họ và tên',
  'Ngày sinh',
  'Giới tính',
  'Số CCCD',
  'Mã CBCCVC',
  'Mã đơn vị',
  'Chức vụ',
  'Mã ngạch',
  'Bậc',
  'Hệ số',
  'Ngày hưởng',
  'Điện thoại',
  'Khen thưởng',
];

/** The province's people as a clerk would send them. */
export const makeWorkbook = async (people: ProvinceStaff[], path: string): Promise<void> => {
  const book = new exceljs.stream.xlsx.WorkbookWriter({
    stream: createWriteStream(path),
    useSharedStrings: true,
  });
  const sheet = book.addWorksheet('Danh sách');
  sheet.addRow(headings).commit();
  for (const [nr, { record }] of people.entries()) {
    const main = record.positions[0]!;
    sheet
      .addRow([
        nr + 1,
        record.name,
        day(record.birthDate),
        record.gender === 'male' ? 'Nam' : 'Nữ',
        record.citizenNumber,
        record.code,
        main.unit,
        main.title,
        record.salary?.rank,
        record.salary?.grade,
        (record.salary?.coefficient ?? 0) / 100,
        day(record.salary?.from),
        record.phone,
        (record.awards ?? []).map(({ title }) => title).join('; '),
      ])
      .commit();
  }
  await book.commit();
};
