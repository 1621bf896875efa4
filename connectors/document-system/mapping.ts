import { dropEmpty, withExtra } from '#connectors/kit/vendor-record.ts';
import { toIsoDay, toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';
import type { CanBo } from './client.ts';

const genders: Record<string, string> = { male: 'Nam', female: 'Nữ' };
const genderOf = (text: string | undefined): string | undefined =>
  Object.keys(genders).find(key => genders[key] === text?.normalize('NFC'));

/** Fields that a mapping expression of the IT centre may fill: all but the keys and the state. */
const freeFields = [
  'HoTen',
  'ThuDienTu',
  'DienThoai',
  'GioiTinh',
  'NgaySinh',
  'MaDonVi',
  'TenDonVi',
  'ChucVu',
] as const;

/**
 * What to write. An attribute that is absent is not sent, so the app keeps what it has; an empty
 * one is an empty element, which empties it.
 */
export const toCanBo = (account: DesiredAccount): Partial<CanBo> =>
  withExtra<Partial<CanBo>>(
    {
      MaCanBo: account.externalId,
      MaCBCCVC: account.code,
      TenDangNhap: account.username,
      HoTen: account.name,
      ThuDienTu: account.email,
      DienThoai: account.phone,
      GioiTinh: account.gender === undefined ? undefined : (genders[account.gender] ?? account.gender),
      NgaySinh: account.birthDate === undefined ? undefined : toVietnameseDay(account.birthDate),
      MaDonVi: account.unitCode,
      TenDonVi: account.unitName,
      ChucVu: account.title,
      TrangThai: account.enabled ? 'HoatDong' : 'Khoa',
    },
    account.extra,
    freeFields,
  );

export const toAppAccount = (canBo: CanBo): AppAccount => ({
  externalId: canBo.MaCanBo,
  enabled: canBo.TrangThai === 'HoatDong',
  values: dropEmpty({
    code: canBo.MaCBCCVC,
    username: canBo.TenDangNhap,
    name: canBo.HoTen.normalize('NFC'),
    email: canBo.ThuDienTu,
    phone: canBo.DienThoai,
    gender: genderOf(canBo.GioiTinh) ?? canBo.GioiTinh,
    birthDate: toIsoDay(canBo.NgaySinh) ?? canBo.NgaySinh,
    unitCode: canBo.MaDonVi,
    unitName: canBo.TenDonVi?.normalize('NFC'),
    title: canBo.ChucVu?.normalize('NFC'),
  }),
});
