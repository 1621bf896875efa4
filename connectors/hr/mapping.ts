import { dropEmpty } from '#connectors/kit/vendor-record.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';
import type { TaiKhoan } from './answers.ts';

/** What is written back to a person's file. An account that is off has no name there. */
export const toWriteBack = (account: DesiredAccount): { TenTaiKhoan: string; ThuDienTu?: string } => ({
  TenTaiKhoan: account.enabled ? account.username : '',
  ThuDienTu: account.email,
});

/** A person without an account name has no account in force. */
export const toAppAccount = (file: TaiKhoan): AppAccount => ({
  externalId: file.MaNhanSu,
  enabled: Boolean(file.TenTaiKhoan),
  values: dropEmpty({ code: file.MaCBCCVC, username: file.TenTaiKhoan, email: file.ThuDienTu }),
});
