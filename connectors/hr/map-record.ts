import { Compile } from 'typebox/compile';
import { dropEmpty } from '#connectors/kit/vendor-record.ts';
import { toIsoDay } from '#connectors/kit/vietnamese-day.ts';
import { type Decision, type HrPosition, HrRecord, type SalaryStep } from '#schemas/hr-record.ts';
import type { HoSo, QuyetDinh } from './answers.ts';

const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** Some offices type names in capitals; the register wants `Nguyễn Thị Hà`. */
const toName = (text: string): string => {
  const name = tidy(text);
  if (name !== name.toLocaleUpperCase('vi')) return name;
  return name.toLocaleLowerCase('vi').replace(/(^|[\s-])(\p{L})/gu, found => found.toLocaleUpperCase('vi'));
};

const statuses: Record<string, HrRecord['status']> = {
  'đang làm việc': 'active',
  'tạm đình chỉ': 'suspended',
  'nghỉ việc': 'left',
};
const genders: Record<string, HrRecord['gender']> = { nam: 'male', nữ: 'female' };
const lookUp = <T>(words: Record<string, T>, text: string | undefined): T | undefined =>
  words[tidy(text ?? '').toLocaleLowerCase('vi')];

/** `2.34` or `2,34` → 234. */
export const toHundredths = (text: string | undefined): number | undefined => {
  const [, whole, fraction = ''] = /^(\d{1,2})(?:[.,](\d{1,2}))?$/.exec(text?.trim() ?? '') ?? [];
  return whole === undefined ? undefined : Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
};

const toNumber = (text: string | undefined): number | undefined =>
  /^\d{1,4}$/.test(text ?? '') ? Number(text) : undefined;

const toSalary = (file: HoSo): SalaryStep | undefined => {
  const coefficient = toHundredths(file.HeSo);
  const from = toIsoDay(file.NgayHuong);
  const rank = file.MaNgach;
  const grade = toNumber(file.Bac);
  // A step with a part missing is none: the hub must not guess salaries.
  if (!rank || grade === undefined || coefficient === undefined || from === undefined) return undefined;
  return { rank, grade, coefficient, from };
};

const toPositions = (file: HoSo): HrPosition[] | undefined => {
  const main = file.MaDonVi ? [{ unit: file.MaDonVi, title: tidy(file.ChucVu ?? ''), main: true }] : [];
  const others = (file.KiemNhiem ?? []).map(post => ({
    unit: post.MaDonVi,
    title: tidy(post.ChucVu),
    main: false,
    ...dropEmpty({ from: toIsoDay(post.TuNgay), to: toIsoDay(post.DenNgay) }),
  }));
  const all = [...main, ...others];
  return all.length === 0 ? undefined : all;
};

const toDecisions = (rows: QuyetDinh[] | undefined): Decision[] | undefined =>
  rows?.map(row => ({
    title: tidy(row.TieuDe),
    ...dropEmpty({ date: toIsoDay(row.Ngay), year: toNumber(row.Nam), number: row.SoQuyetDinh }),
  }));

const checks = Object.entries(HrRecord.properties).map(
  ([name, schema]) => [name as keyof HrRecord, Compile(schema)] as const,
);
/** Leaves out what the register would not take (a day that does not exist, a citizen number of 9 digits). */
const dropUnsound = (record: HrRecord): HrRecord => {
  const sound = { ...record };
  for (const [name, validator] of checks)
    if (name !== 'name' && !validator.Check(sound[name])) delete sound[name];
  return sound;
};

/**
 * A person's file as an HR record. A value that cannot be read is left out, which for the register means
 * "nothing said"; without a usable name the record is refused there, for a person to look at.
 */
export const toHrRecord = (file: HoSo): HrRecord =>
  dropUnsound({
    name: toName(file.HoTen ?? ''),
    ...dropEmpty({
      sourceKey: file.MaNhanSu,
      code: file.MaCBCCVC,
      citizenNumber: file.SoCCCD,
      birthDate: toIsoDay(file.NgaySinh),
      birthYear: toNumber(file.NgaySinh),
      gender: lookUp(genders, file.GioiTinh),
      phone: file.SoDienThoai,
      status: lookUp(statuses, file.TinhTrang),
      statusFrom: toIsoDay(file.NgayTinhTrang),
      positions: toPositions(file),
      salary: toSalary(file),
      awards: toDecisions(file.KhenThuong),
      disciplines: toDecisions(file.KyLuat),
    }),
  });
