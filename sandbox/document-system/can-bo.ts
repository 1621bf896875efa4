import { textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';

/** A member of staff as the document system stores them. Days are dd/MM/yyyy. */
export interface CanBoRow {
  MaCanBo: string;
  MaCBCCVC: string;
  TenDangNhap: string;
  HoTen: string;
  ThuDienTu: string;
  DienThoai: string;
  GioiTinh: string;
  NgaySinh: string;
  MaDonVi: string;
  TenDonVi: string;
  ChucVu: string;
  TrangThai: string;
}

const writable = [
  'MaCBCCVC',
  'TenDangNhap',
  'HoTen',
  'ThuDienTu',
  'DienThoai',
  'GioiTinh',
  'NgaySinh',
  'MaDonVi',
  'TenDonVi',
  'ChucVu',
  'TrangThai',
] as const;

const empty: CanBoRow = {
  MaCanBo: '',
  MaCBCCVC: '',
  TenDangNhap: '',
  HoTen: '',
  ThuDienTu: '',
  DienThoai: '',
  GioiTinh: '',
  NgaySinh: '',
  MaDonVi: '',
  TenDonVi: '',
  ChucVu: '',
  TrangThai: 'HoatDong',
};

const toRowDay = (iso: string): string => iso.split('-').reverse().join('/');
const fromRowDay = (day: string): string => day.split('/').reverse().join('-');

export const toRow = (account: SandboxAccount): CanBoRow => ({
  MaCanBo: account.externalId,
  MaCBCCVC: account.code,
  TenDangNhap: account.username,
  HoTen: account.name,
  ThuDienTu: account.email ?? '',
  DienThoai: account.phone ?? '',
  GioiTinh: account.gender === 'male' ? 'Nam' : account.gender === 'female' ? 'Nữ' : '',
  NgaySinh: toRowDay(account.birthDate ?? ''),
  MaDonVi: account.unitCode ?? '',
  TenDonVi: account.unitName ?? '',
  ChucVu: account.title ?? '',
  TrangThai: account.enabled ? 'HoatDong' : 'Khoa',
});

export const toAccount = (row: CanBoRow): SandboxAccount => ({
  externalId: row.MaCanBo,
  enabled: row.TrangThai === 'HoatDong',
  code: row.MaCBCCVC,
  username: row.TenDangNhap,
  name: row.HoTen,
  email: row.ThuDienTu || undefined,
  phone: row.DienThoai || undefined,
  gender: { Nam: 'male', Nữ: 'female' }[row.GioiTinh],
  birthDate: fromRowDay(row.NgaySinh) || undefined,
  unitCode: row.MaDonVi || undefined,
  unitName: row.TenDonVi || undefined,
  title: row.ChucVu || undefined,
});

/** The row after a request: an element that is not there leaves its value. */
export const applyInput = (row: CanBoRow | undefined, id: string, input: XmlNode | undefined): CanBoRow => {
  const next = { ...empty, ...row, MaCanBo: id };
  for (const field of writable) next[field] = textOf(input, field) ?? next[field];
  return next;
};

/** The first field whose value the software does not take. */
export const fieldAtFault = (row: CanBoRow): string | undefined => {
  if (row.MaCBCCVC === '') return 'MaCBCCVC';
  if (row.TenDangNhap === '' || /\s/.test(row.TenDangNhap)) return 'TenDangNhap';
  if (row.HoTen === '' || row.HoTen.length > 250) return 'HoTen';
  if (row.NgaySinh !== '' && !/^\d{2}\/\d{2}\/\d{4}$/.test(row.NgaySinh)) return 'NgaySinh';
  if (!['HoatDong', 'Khoa'].includes(row.TrangThai)) return 'TrangThai';
  return undefined;
};
