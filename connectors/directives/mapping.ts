import { dropEmpty, withExtra } from '#connectors/kit/vendor-record.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';
import type { NguoiDung } from './client.ts';

/** Fields that a mapping expression of the IT centre may fill: all but the keys and the state. */
const freeFields = ['HoVaTen', 'Email', 'SoDienThoai', 'DonViMa', 'DonViTen', 'ChucDanh'] as const;

/**
 * What to write, without `Id`. An attribute that is absent is not sent, so the app keeps what it has; an empty
 * one is an empty element, which empties it.
 */
export const toNguoiDung = (account: DesiredAccount): Partial<Omit<NguoiDung, 'Id'>> =>
  withExtra<Partial<Omit<NguoiDung, 'Id'>>>(
    {
      MaCBCCVC: account.code,
      TaiKhoan: account.username,
      HoVaTen: account.name,
      Email: account.email,
      SoDienThoai: account.phone,
      DonViMa: account.unitCode,
      DonViTen: account.unitName,
      ChucDanh: account.title,
      SuDung: account.enabled,
    },
    account.extra,
    freeFields,
  );

export const toAppAccount = (user: NguoiDung): AppAccount => ({
  externalId: user.Id,
  enabled: user.SuDung,
  values: dropEmpty({
    code: user.MaCBCCVC,
    username: user.TaiKhoan,
    name: user.HoVaTen.normalize('NFC'),
    email: user.Email,
    phone: user.SoDienThoai,
    unitCode: user.DonViMa,
    unitName: user.DonViTen?.normalize('NFC'),
    title: user.ChucDanh?.normalize('NFC'),
  }),
});
