import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { createSoapClient } from '#connectors/kit/soap.ts';
import { detailText, type SoapFault } from '#connectors/kit/soap-fault.ts';
import { checkAccount, checkAccounts, checkChanges, type TaiKhoan } from './answers.ts';

export interface HrSettings {
  endpoint: string;
  apiKey: string;
}

export type PersonKey = { MaNhanSu: string } | { MaCBCCVC: string };

/** `detail/LoiNghiepVu/Ma` of a fault: what it means for the hub. */
const meanings: Record<string, [ConnectorErrorCode, string]> = {
  KHOA_KHONG_HOP_LE: ['unauthorised', 'the HR software refuses the access key'],
  KHONG_CO_HO_SO: ['not-found', 'the HR software does not know this person'],
  TRUNG_TEN_TAI_KHOAN: ['conflict', 'another person of the HR software holds this account name'],
  MOC_KHONG_HOP_LE: ['refused', 'the HR software does not know this cursor: was it restored from a backup?'],
  DU_LIEU_KHONG_HOP_LE: ['refused', 'the HR software finds a value invalid'],
};

const mapFault = (fault: SoapFault): ConnectorError | undefined => {
  const vendorCode = detailText(fault, 'LoiNghiepVu', 'Ma');
  const meaning = vendorCode === undefined ? undefined : meanings[vendorCode];
  return meaning && new ConnectorError(meaning[0], meaning[1], { vendorCode });
};

/** Changes or people that the service answers at most at once. */
const maxRows = 500;

/** The HR software's file service (SOAP 1.1, an access key in the SOAP header). */
export const createHrClient = (settings: HrSettings, maxBytes: number) => {
  const soap = createSoapClient({
    wsdl: new URL('./nhan-su.wsdl', import.meta.url),
    endpoint: settings.endpoint,
    maxBytes,
    mapFault,
  });
  const header = { KhoaTruyCap: { Khoa: settings.apiKey } };
  return {
    /** Changes after the cursor, oldest first; without one, from the beginning. */
    async changes(after: string | undefined, limit: number, signal: AbortSignal) {
      const input = { TuMoc: after, SoLuong: Math.min(limit, maxRows) };
      const answer = await soap.call('LayThayDoi', input, { signal, header, check: checkChanges });
      return { rows: answer.ThayDoi ?? [], last: answer.MocCuoi, more: answer.ConNua };
    },
    async get(key: PersonKey, signal: AbortSignal): Promise<TaiKhoan> {
      return (await soap.call('LayTaiKhoan', key, { signal, header, check: checkAccount })).TaiKhoan;
    },
    /** People by ascending id, after one of them. */
    async list(after: string | undefined, limit: number, signal: AbortSignal) {
      const input = { SauMaNhanSu: after, SoLuong: Math.min(limit, maxRows) };
      const answer = await soap.call('DanhSachTaiKhoan', input, { signal, header, check: checkAccounts });
      return { rows: answer.TaiKhoan ?? [], more: answer.ConNua };
    },
    /** An absent value stays as it is; an empty account name is taken away. */
    async write(
      key: PersonKey,
      values: { TenTaiKhoan?: string; ThuDienTu?: string },
      signal: AbortSignal,
    ): Promise<TaiKhoan> {
      const input = { ...key, ...values };
      return (await soap.call('CapNhatTaiKhoan', input, { signal, header, check: checkAccount })).TaiKhoan;
    },
  };
};
