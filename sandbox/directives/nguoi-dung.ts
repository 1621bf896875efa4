import { textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';

/** A user as the directive software stores them. */
export interface NguoiDungRow {
  Id: string;
  MaCBCCVC: string;
  TaiKhoan: string;
  HoVaTen: string;
  Email: string;
  SoDienThoai: string;
  DonViMa: string;
  DonViTen: string;
  ChucDanh: string;
  SuDung: boolean;
}

const texts = [
  'MaCBCCVC',
  'TaiKhoan',
  'HoVaTen',
  'Email',
  'SoDienThoai',
  'DonViMa',
  'DonViTen',
  'ChucDanh',
] as const;

export const toRow = (account: SandboxAccount): NguoiDungRow => ({
  Id: account.externalId,
  MaCBCCVC: account.code,
  TaiKhoan: account.username,
  HoVaTen: account.name,
  Email: account.email ?? '',
  SoDienThoai: account.phone ?? '',
  DonViMa: account.unitCode ?? '',
  DonViTen: account.unitName ?? '',
  ChucDanh: account.title ?? '',
  SuDung: account.enabled,
});

export const toAccount = (row: NguoiDungRow): SandboxAccount => ({
  externalId: row.Id,
  enabled: row.SuDung,
  code: row.MaCBCCVC,
  username: row.TaiKhoan,
  name: row.HoVaTen,
  email: row.Email || undefined,
  phone: row.SoDienThoai || undefined,
  unitCode: row.DonViMa || undefined,
  unitName: row.DonViTen || undefined,
  title: row.ChucDanh || undefined,
});

/** The row after a request: an element that is not there leaves its value. */
export const applyInput = (row: NguoiDungRow, input: XmlNode | undefined): NguoiDungRow => {
  const next = { ...row };
  for (const field of texts) next[field] = textOf(input, field) ?? next[field];
  const inUse = textOf(input, 'SuDung');
  return inUse === undefined ? next : { ...next, SuDung: ['true', '1'].includes(inUse) };
};

/** Whether the software takes the row. */
export const isSound = (row: NguoiDungRow): boolean =>
  row.MaCBCCVC !== '' && /^\S+$/.test(row.TaiKhoan) && row.HoVaTen !== '' && row.HoVaTen.length <= 200;
