import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { createSoapClient, type SoapClient } from '#connectors/kit/soap.ts';
import type { SoapFault } from '#connectors/kit/soap-fault.ts';
import { createSession } from './session.ts';

export interface DirectivesSettings {
  endpoint: string;
  username: string;
  password: string;
  /** Of the service for directives and citizens' matters; beside `endpoint` when absent. */
  workEndpoint?: string;
}

/** A user as the directive software tells them (`NguoiDung` of the WSDL). */
export const NguoiDung = Type.Object({
  Id: Type.String({ minLength: 1 }),
  MaCBCCVC: Type.String(),
  TaiKhoan: Type.String(),
  HoVaTen: Type.String(),
  Email: Type.Optional(Type.String()),
  SoDienThoai: Type.Optional(Type.String()),
  DonViMa: Type.Optional(Type.String()),
  DonViTen: Type.Optional(Type.String()),
  ChucDanh: Type.Optional(Type.String()),
  SuDung: Type.Boolean(),
});
export type NguoiDung = Static<typeof NguoiDung>;

const checkLogin = checkAnswer(
  Type.Object({ MaPhien: Type.String({ minLength: 1 }), HieuLucGiay: Type.Integer({ minimum: 1 }) }),
);
const checkOne = checkAnswer(Type.Object({ NguoiDung }));
const checkFound = checkAnswer(Type.Object({ TimThay: Type.Boolean(), NguoiDung: Type.Optional(NguoiDung) }));
const checkMany = checkAnswer(
  Type.Object({ TongSo: Type.Integer({ minimum: 0 }), NguoiDung: Type.Optional(Type.Array(NguoiDung)) }),
);

/** The file of a directive; `DuLieu` is base64. */
export interface TepVanBan {
  IdVanBan: string;
  TenTep: string;
  DuLieu: string;
  SoVanBan?: string;
  /** dd/MM/yyyy. */
  NgayVanBan?: string;
}
const checkFile = checkAnswer(
  Type.Object({ TenTep: Type.String(), LoaiTep: Type.String(), DuLieu: Type.String() }),
);
const checkSaved = checkAnswer(Type.Object({ LanLuu: Type.Integer() }));

/** The software puts its own code behind the fault code: `Client.TRUNG_MA`. */
const meanings: Record<string, [ConnectorErrorCode, string]> = {
  SAI_TAI_KHOAN: ['unauthorised', 'the directive software refuses the credentials'],
  HET_PHIEN: ['unauthorised', 'the session of the directive software is over'],
  KHONG_CO: ['not-found', 'the directive software does not know this account, document or entry'],
  TRUNG_MA: ['conflict', 'another account of the directive software holds this staff code'],
  TRUNG_TAI_KHOAN: ['conflict', 'another account of the directive software holds this username'],
  TRUNG_MA_LIEN_THONG: ['conflict', 'the entry of the directive software belongs to another id'],
  DA_TRA_LOI: ['conflict', 'another answer was given already'],
  DU_LIEU_SAI: ['refused', 'the directive software finds a value invalid'],
};

const mapFault = (fault: SoapFault): ConnectorError | undefined => {
  const vendorCode = fault.code.split('.')[1];
  const meaning = vendorCode === undefined ? undefined : meanings[vendorCode];
  return meaning && new ConnectorError(meaning[0], meaning[1], { vendorCode });
};

const hasVendorCode = (error: unknown, code: string): boolean =>
  error instanceof ConnectorError && error.vendorCode === code;

/** One operation in the open session. */
export type DirectivesCall = <T>(
  operation: string,
  input: object,
  signal: AbortSignal,
  check: (answer: unknown) => T,
) => Promise<T>;

/** Rows that the software answers at most in one page. */
export const maxRows = 200;

/** The directive software's user service (SOAP 1.1, a session token in the SOAP header). */
export const createDirectivesClient = (settings: DirectivesSettings, maxBytes: number) => {
  const soap = createSoapClient({
    wsdl: new URL('./nguoi-dung.wsdl', import.meta.url),
    endpoint: settings.endpoint,
    maxBytes,
    mapFault,
  });
  const session = createSession({
    async login(signal) {
      const input = { TaiKhoan: settings.username, MatKhau: settings.password };
      const answer = await soap.call('DangNhap', input, { signal, check: checkLogin });
      return { token: answer.MaPhien, holdsMs: answer.HieuLucGiay * 1000 };
    },
    isOver: error => hasVendorCode(error, 'HET_PHIEN'),
  });
  const through =
    (service: SoapClient): DirectivesCall =>
    (operation, input, signal, check) =>
      session.run(
        token => service.call(operation, input, { signal, check, header: { XacThuc: { MaPhien: token } } }),
        signal,
      );
  const call = through(soap);
  return {
    /** One operation of the service for directives and citizens' matters, in the same session. */
    callWork: through(
      createSoapClient({
        wsdl: new URL('./chi-dao.wsdl', import.meta.url),
        endpoint: settings.workEndpoint ?? settings.endpoint.replace(/[^/]*$/, 'chidao.asmx'),
        maxBytes,
        mapFault,
      }),
    ),
    async find(key: { Id: string } | { MaCBCCVC: string }, signal: AbortSignal) {
      const { TimThay, NguoiDung } = await call('TimNguoiDung', key, signal, checkFound);
      return TimThay ? NguoiDung : undefined;
    },
    async add(user: Partial<NguoiDung>, signal: AbortSignal): Promise<NguoiDung> {
      return (await call('ThemNguoiDung', { NguoiDung: user }, signal, checkOne)).NguoiDung;
    },
    /** Changes the user of `Id`; what is absent stays as it is. */
    async change(user: Partial<NguoiDung> & { Id: string }, signal: AbortSignal): Promise<NguoiDung> {
      return (await call('SuaNguoiDung', { NguoiDung: user }, signal, checkOne)).NguoiDung;
    },
    async list(skip: number, rows: number, signal: AbortSignal) {
      const input = { BoQua: skip, SoLuong: Math.min(rows, maxRows) };
      const answer = await call('DanhSachNguoiDung', input, signal, checkMany);
      return { total: answer.TongSo, rows: answer.NguoiDung ?? [] };
    },
    fetchFile: (id: string, signal: AbortSignal) => call('LayTep', { IdVanBan: id }, signal, checkFile),
    async putFile(file: TepVanBan, signal: AbortSignal): Promise<void> {
      await call('LuuTep', file, signal, checkSaved);
    },
    async stop(id: string, signal: AbortSignal): Promise<NguoiDung> {
      return (await call('NgungSuDung', { Id: id }, signal, checkOne)).NguoiDung;
    },
  };
};
