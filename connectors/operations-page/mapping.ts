import { type Static, Type } from 'typebox';
import { nullable, nullableText } from '#connectors/kit/nullable.ts';
import { dropEmpty, emptyToNull } from '#connectors/kit/vendor-record.ts';
import { toIsoDay, toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';

/** A member of staff as the operations page tells it. Fields that we do not know are let through. */
export const CanBo = Type.Object({
  id: Type.String({ minLength: 1 }),
  maCbccvc: Type.String(),
  tenDangNhap: Type.String(),
  hoTen: Type.String(),
  trangThai: Type.Union([Type.Literal('HOAT_DONG'), Type.Literal('KHOA')]),
  thuDienTu: nullableText,
  dienThoai: nullableText,
  gioiTinh: nullableText,
  /** dd/MM/yyyy */
  ngaySinh: nullableText,
  maDonVi: nullableText,
  tenDonVi: nullableText,
  chucVu: nullableText,
  maNgach: nullableText,
  bac: nullable(Type.Integer()),
  /** Two decimals with a point: "2.34". */
  heSo: nullableText,
  /** dd/MM/yyyy */
  ngayHuong: nullableText,
  khenThuong: nullable(Type.Array(Type.String())),
});
export type CanBo = Static<typeof CanBo>;

/** What is no day stays as it is spelled: it then differs from the register and is repaired. */
const readDay = (day: string): string => toIsoDay(day) ?? day;

/** Hundredths to "2.34". */
export const toVendorCoefficient = (hundredths: number): string => (hundredths / 100).toFixed(2);
/** "2.34" or "2,34" to hundredths; undefined when it is no such number. */
export const fromVendorCoefficient = (heSo: string): number | undefined => {
  const match = /^(\d{1,2})(?:[.,](\d{1,2}))?$/.exec(heSo.trim());
  return match === null ? undefined : Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
};

const genders: Record<string, string> = { male: 'Nam', female: 'Nữ' };
const toVendorGender = (gender: string): string => genders[gender] ?? gender;
const fromVendorGender = (gioiTinh: string): string =>
  Object.keys(genders).find(gender => genders[gender] === gioiTinh) ?? gioiTinh;

const map = <A, B>(value: A | undefined, change: (value: A) => B): B | undefined =>
  value === undefined ? undefined : change(value);
/** Likewise for what is written: an empty value is the page's null. */
const write = <A, B>(value: A | null | undefined, change: (value: A) => B): B | null | undefined =>
  value === null || value === '' ? null : map(value, change);

/** Fields that no mapping expression of the IT centre may fill: the keys and the state. */
const protectedFields = ['id', 'maCbccvc', 'tenDangNhap', 'trangThai'];

/**
 * What is written for an account. An attribute that is absent is not mentioned, so the page keeps what it has;
 * an empty one is null there. `extra` goes last, under the vendor's own field names.
 */
export const toCanBo = (account: DesiredAccount): Record<string, unknown> => ({
  maCbccvc: account.code,
  tenDangNhap: account.username,
  hoTen: account.name,
  trangThai: account.enabled ? 'HOAT_DONG' : 'KHOA',
  thuDienTu: emptyToNull(account.email),
  dienThoai: emptyToNull(account.phone),
  gioiTinh: write(account.gender, toVendorGender),
  ngaySinh: write(account.birthDate, toVietnameseDay),
  maDonVi: emptyToNull(account.unitCode),
  tenDonVi: emptyToNull(account.unitName),
  chucVu: emptyToNull(account.title),
  maNgach: emptyToNull(account.rank),
  bac: account.grade,
  heSo: write(account.coefficient, toVendorCoefficient),
  ngayHuong: write(account.coefficientFrom, toVietnameseDay),
  khenThuong: account.awards,
  ...Object.fromEntries(
    Object.entries(account.extra ?? {}).filter(([field]) => !protectedFields.includes(field)),
  ),
});

export const fromCanBo = (row: CanBo): AppAccount => ({
  externalId: row.id,
  enabled: row.trangThai === 'HOAT_DONG',
  values: dropEmpty({
    code: row.maCbccvc,
    username: row.tenDangNhap,
    name: row.hoTen,
    email: row.thuDienTu ?? undefined,
    phone: row.dienThoai ?? undefined,
    gender: map(row.gioiTinh ?? undefined, fromVendorGender),
    birthDate: map(row.ngaySinh ?? undefined, readDay),
    unitCode: row.maDonVi ?? undefined,
    unitName: row.tenDonVi ?? undefined,
    title: row.chucVu ?? undefined,
    rank: row.maNgach ?? undefined,
    grade: row.bac ?? undefined,
    coefficient: map(row.heSo ?? undefined, fromVendorCoefficient),
    coefficientFrom: map(row.ngayHuong ?? undefined, readDay),
    awards: row.khenThuong ?? undefined,
  }),
});
