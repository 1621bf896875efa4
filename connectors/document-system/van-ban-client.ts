import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { figuresBy } from '#connectors/kit/figures-by.ts';
import { nullableText } from '#connectors/kit/nullable.ts';
import type { SoapClient } from '#connectors/kit/soap.ts';

const DonVi = Type.Object({
  MaDinhDanh: Type.String({ minLength: 1 }),
  TenDonVi: nullableText,
  DiaChi: nullableText,
  ThuDienTu: nullableText,
  DienThoai: nullableText,
});

/** A document as the document system tells it (`VanBan` of the WSDL). Days are dd/MM/yyyy. */
export const VanBan = Type.Object({
  MaVanBan: nullableText,
  MaDinhDanhVanBan: Type.String({ minLength: 1 }),
  DonViGui: DonVi,
  NoiNhan: Type.Array(DonVi),
  So: nullableText,
  KyHieu: nullableText,
  NgayBanHanh: Type.String(),
  LoaiVanBan: nullableText,
  TrichYeu: Type.String(),
  ThamQuyen: nullableText,
  ChucVu: nullableText,
  NguoiKy: nullableText,
  HanTraLoi: nullableText,
  DoKhan: Type.Optional(Type.Integer()),
  MaNhiemVu: Type.Optional(Type.Array(Type.String())),
  /** GuiMoi, ThuHoi, CapNhat or ThayThe. */
  ThaoTac: Type.String(),
  LyDo: nullableText,
  ThayTheVanBan: Type.Optional(Type.Array(Type.String())),
  Tep: Type.Optional(
    Type.Array(Type.Object({ TenTep: Type.String(), MoTa: nullableText, NoiDung: Type.String() })),
  ),
});
export type VanBan = Static<typeof VanBan>;

/** What somebody says of a document (`TinhTrang` of the WSDL). */
export const TinhTrang = Type.Object({
  SoThuTu: Type.Optional(Type.Integer()),
  TuDonVi: DonVi,
  /** Of a receiver: the sender; of a sender: the receiver. */
  VeDonVi: Type.String(),
  MaDinhDanhVanBan: Type.String({ minLength: 1 }),
  SoKyHieu: nullableText,
  MaTinhTrang: Type.String(),
  NoiDung: nullableText,
  CanBo: nullableText,
  ThoiDiem: Type.String(),
});
export type TinhTrang = Static<typeof TinhTrang>;

const more = { ConNua: Type.Boolean() };
const Line = Type.Object({ MaVanBan: Type.String({ minLength: 1 }), SoThuTu: Type.Integer() });
const checkLines = checkAnswer(Type.Object({ VanBan: Type.Optional(Type.Array(Line)), ...more }));
const checkDocument = checkAnswer(Type.Object({ VanBan }));
const checkTaken = checkAnswer(Type.Object({ MaVanBan: Type.String() }));
const checkTold = checkAnswer(Type.Object({ DaNhan: Type.Boolean() }));
const checkStatuses = checkAnswer(Type.Object({ TinhTrang: Type.Optional(Type.Array(TinhTrang)), ...more }));

export const soLieu = figuresBy({ documentsIssued: 'VanBanDi', documentsSigned: 'VanBanKy' });
const checkFigures = checkAnswer(Type.Object({ TrongKy: soLieu.shape, LuyKe: soLieu.shape }));

/** The operations on documents sent and received. */
export const createVanBanClient = (soap: SoapClient) => ({
  issued: (after: number, limit: number, signal: AbortSignal) =>
    soap.call('DanhSachVanBanDi', { SauSo: after, SoDong: limit }, { signal, check: checkLines }),
  async fetchIssued(id: string, signal: AbortSignal): Promise<VanBan> {
    return (await soap.call('LayVanBanDi', { MaVanBan: id }, { signal, check: checkDocument })).VanBan;
  },
  async receive(document: VanBan, organIds: string[], signal: AbortSignal): Promise<void> {
    const input = { VanBan: document, DonViNhan: organIds };
    await soap.call('NhanVanBanDen', input, { signal, check: checkTaken });
  },
  async tell(status: TinhTrang, signal: AbortSignal): Promise<void> {
    await soap.call('CapNhatTinhTrang', { TinhTrang: status }, { signal, check: checkTold });
  },
  /** Days are dd/MM/yyyy, both within the period. */
  figures: (from: string, until: string, signal: AbortSignal) =>
    soap.call('ThongKe', { TuNgay: from, DenNgay: until }, { signal, check: checkFigures }),
  statuses: (after: number, limit: number, signal: AbortSignal) =>
    soap.call('DanhSachTinhTrang', { SauSo: after, SoDong: limit }, { signal, check: checkStatuses }),
});
export type VanBanClient = ReturnType<typeof createVanBanClient>;
