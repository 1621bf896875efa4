import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';

/** A row of the operations page's staff directory, as its API shows it. */
export interface CanBoRow {
  id: string;
  maCbccvc: string;
  tenDangNhap: string;
  hoTen: string;
  trangThai: 'HOAT_DONG' | 'KHOA';
  thuDienTu: string | null;
  dienThoai: string | null;
  gioiTinh: string | null;
  ngaySinh: string | null;
  maDonVi: string | null;
  tenDonVi: string | null;
  chucVu: string | null;
  maNgach: string | null;
  bac: number | null;
  heSo: string | null;
  ngayHuong: string | null;
  khenThuong: string[];
  [more: string]: unknown;
}

const dayOut = (day: string | undefined): string | null => day?.split('-').reverse().join('/') ?? null;
const dayIn = (day: string | null): string | undefined => day?.split('/').reverse().join('-');
const genders: Record<string, string> = { male: 'Nam', female: 'Nữ' };

export const toRow = (account: SandboxAccount): CanBoRow => ({
  id: account.externalId,
  maCbccvc: account.code,
  tenDangNhap: account.username,
  hoTen: account.name,
  trangThai: account.enabled ? 'HOAT_DONG' : 'KHOA',
  thuDienTu: account.email ?? null,
  dienThoai: account.phone ?? null,
  gioiTinh: account.gender === undefined ? null : (genders[account.gender] ?? account.gender),
  ngaySinh: dayOut(account.birthDate),
  maDonVi: account.unitCode ?? null,
  tenDonVi: account.unitName ?? null,
  chucVu: account.title ?? null,
  maNgach: account.rank ?? null,
  bac: account.grade ?? null,
  heSo: account.coefficient === undefined ? null : (account.coefficient / 100).toFixed(2),
  ngayHuong: dayOut(account.coefficientFrom),
  khenThuong: account.awards ?? [],
});

export const toAccount = (row: CanBoRow): SandboxAccount => {
  const values = {
    email: row.thuDienTu,
    phone: row.dienThoai,
    gender: row.gioiTinh === 'Nam' ? 'male' : row.gioiTinh === 'Nữ' ? 'female' : row.gioiTinh,
    birthDate: dayIn(row.ngaySinh),
    unitCode: row.maDonVi,
    unitName: row.tenDonVi,
    title: row.chucVu,
    rank: row.maNgach,
    grade: row.bac,
    coefficient: row.heSo === null ? null : Math.round(Number(row.heSo) * 100),
    coefficientFrom: dayIn(row.ngayHuong),
    awards: row.khenThuong,
  };
  return {
    externalId: row.id,
    enabled: row.trangThai === 'HOAT_DONG',
    code: row.maCbccvc,
    username: row.tenDangNhap,
    name: row.hoTen,
    ...(Object.fromEntries(
      Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
    ) as Partial<SandboxAccount>),
  };
};

const day = /^(\d{2})\/(\d{2})\/(\d{4})$/;
const isDay = (value: unknown): boolean => {
  const match = typeof value === 'string' ? day.exec(value) : null;
  if (match === null) return false;
  const date = new Date(`${match[3]}-${match[2]}-${match[1]}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(match[1]);
};
const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 255;
const isFilled = (value: unknown): boolean => isText(value) && (value as string).trim() !== '';

const rules: Record<string, (value: unknown) => boolean> = {
  maCbccvc: isFilled,
  tenDangNhap: isFilled,
  hoTen: isFilled,
  trangThai: value => value === 'HOAT_DONG' || value === 'KHOA',
  thuDienTu: value => value === null || (isText(value) && /^[^\s@]+@[^\s@]+$/.test(value as string)),
  dienThoai: value => value === null || isText(value),
  gioiTinh: value => value === null || value === 'Nam' || value === 'Nữ' || value === 'Khác',
  ngaySinh: value => value === null || isDay(value),
  maDonVi: value => value === null || isText(value),
  tenDonVi: value => value === null || isText(value),
  chucVu: value => value === null || isText(value),
  maNgach: value => value === null || isText(value),
  bac: value =>
    value === null || (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 16),
  heSo: value => value === null || /^\d{1,2}\.\d{2}$/.test(String(value)),
  ngayHuong: value => value === null || isDay(value),
  khenThuong: value => Array.isArray(value) && value.every(isFilled),
};

/** The first field that the page does not accept; undefined when all are well. A new row needs the first three. */
export const fieldAtFault = (body: Record<string, unknown>, isNew: boolean): string | undefined => {
  const needed = isNew ? ['maCbccvc', 'tenDangNhap', 'hoTen'] : [];
  return (
    needed.find(field => body[field] === undefined) ??
    Object.keys(body).find(field => rules[field]?.(body[field]) === false)
  );
};
