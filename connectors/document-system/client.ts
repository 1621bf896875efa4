import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { ConnectorError, type ConnectorErrorCode } from '#connectors/kit/errors.ts';
import { createSoapClient } from '#connectors/kit/soap.ts';
import { detailText, type SoapFault } from '#connectors/kit/soap-fault.ts';
import { createVanBanClient } from './van-ban-client.ts';

export interface DocumentSystemSettings {
  endpoint: string;
  username: string;
  password: string;
}

/** A member of staff as the document system tells them (`CanBo` of the WSDL). */
export const CanBo = Type.Object({
  MaCanBo: Type.String({ minLength: 1 }),
  MaCBCCVC: Type.String(),
  TenDangNhap: Type.String(),
  HoTen: Type.String(),
  ThuDienTu: Type.Optional(Type.String()),
  DienThoai: Type.Optional(Type.String()),
  /** `Nam` or `Nữ`. */
  GioiTinh: Type.Optional(Type.String()),
  /** dd/MM/yyyy. */
  NgaySinh: Type.Optional(Type.String()),
  MaDonVi: Type.Optional(Type.String()),
  TenDonVi: Type.Optional(Type.String()),
  ChucVu: Type.Optional(Type.String()),
  TrangThai: Type.Union([Type.Literal('HoatDong'), Type.Literal('Khoa')]),
});
export type CanBo = Static<typeof CanBo>;

const checkOne = checkAnswer(Type.Object({ CanBo }));
const checkMany = checkAnswer(
  Type.Object({ TongSo: Type.Integer({ minimum: 0 }), CanBo: Type.Optional(Type.Array(CanBo)) }),
);

/** The file of a document; `NoiDung` is base64. */
export interface TepVanBan {
  MaVanBan: string;
  TenTep: string;
  NoiDung: string;
  SoKyHieu?: string;
  /** dd/MM/yyyy. */
  NgayBanHanh?: string;
}
const checkFile = checkAnswer(
  Type.Object({ TenTep: Type.String(), KieuTep: Type.String(), NoiDung: Type.String() }),
);
const checkPut = checkAnswer(Type.Object({ PhienBan: Type.Integer() }));

/** `detail/MaLoi` of a fault: what it means for the hub. */
const meanings: Record<string, [ConnectorErrorCode, string]> = {
  KHONG_TIM_THAY: ['not-found', 'the document system does not know this account or document'],
  TRUNG_MA_CBCCVC: ['conflict', 'another account of the document system holds this staff code'],
  TRUNG_TEN_DANG_NHAP: ['conflict', 'another account of the document system holds this username'],
  DU_LIEU_KHONG_HOP_LE: ['refused', 'the document system finds a value invalid'],
};

const mapFault = (fault: SoapFault): ConnectorError | undefined => {
  const vendorCode = detailText(fault, 'MaLoi');
  const meaning = vendorCode === undefined ? undefined : meanings[vendorCode];
  return meaning && new ConnectorError(meaning[0], meaning[1], { vendorCode });
};

/** Rows that the service answers at most in one page. */
const maxRows = 500;

/** The document system's service (SOAP 1.1, WS-Security UsernameToken with a password digest). */
export const createDocumentSystemClient = (settings: DocumentSystemSettings, maxBytes: number) => {
  const soap = createSoapClient({
    wsdl: new URL('./can-bo.wsdl', import.meta.url),
    endpoint: settings.endpoint,
    maxBytes,
    usernameToken: { username: settings.username, password: settings.password },
    mapFault,
  });
  return {
    ...createVanBanClient(soap),
    /** Creates, or changes the one of `MaCanBo`, else of `MaCBCCVC`. What is absent stays as it is. */
    async save(canBo: Partial<CanBo>, signal: AbortSignal): Promise<CanBo> {
      return (await soap.call('TaoHoacCapNhatCanBo', { CanBo: canBo }, { signal, check: checkOne })).CanBo;
    },
    async get(key: { MaCanBo: string } | { MaCBCCVC: string }, signal: AbortSignal): Promise<CanBo> {
      return (await soap.call('LayCanBo', key, { signal, check: checkOne })).CanBo;
    },
    /** Pages count from 1. */
    async list(page: number, rows: number, signal: AbortSignal): Promise<{ total: number; rows: CanBo[] }> {
      const input = { Trang: page, SoDong: Math.min(rows, maxRows) };
      const answer = await soap.call('DanhSachCanBo', input, { signal, check: checkMany });
      return { total: answer.TongSo, rows: answer.CanBo ?? [] };
    },
    async lock(id: string, signal: AbortSignal): Promise<CanBo> {
      return (await soap.call('KhoaCanBo', { MaCanBo: id }, { signal, check: checkOne })).CanBo;
    },
    fetchFile: (id: string, signal: AbortSignal) =>
      soap.call('LayTepVanBan', { MaVanBan: id }, { signal, check: checkFile }),
    async putFile(file: TepVanBan, signal: AbortSignal): Promise<void> {
      await soap.call('CapNhatTepVanBan', file, { signal, check: checkPut });
    },
    maxRows,
  };
};
