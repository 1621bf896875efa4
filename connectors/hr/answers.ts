import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';

const text = Type.Optional(Type.String());

/** An award or a disciplinary measure. `Ngay` is dd/MM/yyyy. */
export const QuyetDinh = Type.Object({
  TieuDe: Type.String(),
  Ngay: text,
  Nam: text,
  SoQuyetDinh: text,
});
export type QuyetDinh = Static<typeof QuyetDinh>;

/**
 * A person's whole file (`HoSo` of the WSDL) as it stood after a change. Days are dd/MM/yyyy. Everything
 * is plain text and may be missing: one unreadable file must not stop the whole list (see `map-record.ts`).
 */
export const HoSo = Type.Object({
  MaNhanSu: text,
  MaCBCCVC: text,
  HoTen: text,
  /** A day, or only a year. */
  NgaySinh: text,
  GioiTinh: text,
  SoCCCD: text,
  SoDienThoai: text,
  /** The main post. */
  MaDonVi: text,
  ChucVu: text,
  /** Posts beside it. */
  KiemNhiem: Type.Optional(
    Type.Array(Type.Object({ MaDonVi: Type.String(), ChucVu: Type.String(), TuNgay: text, DenNgay: text })),
  ),
  MaNgach: text,
  Bac: text,
  /** Two decimals: `2.34`. */
  HeSo: text,
  NgayHuong: text,
  KhenThuong: Type.Optional(Type.Array(QuyetDinh)),
  KyLuat: Type.Optional(Type.Array(QuyetDinh)),
  TinhTrang: text,
  NgayTinhTrang: text,
});
export type HoSo = Static<typeof HoSo>;

/** What the file holds of a person's account. */
export const TaiKhoan = Type.Object({
  MaNhanSu: Type.String({ minLength: 1 }),
  MaCBCCVC: Type.String(),
  TenTaiKhoan: text,
  ThuDienTu: text,
});
export type TaiKhoan = Static<typeof TaiKhoan>;

export const checkChanges = checkAnswer(
  Type.Object({
    ThayDoi: Type.Optional(
      Type.Array(Type.Object({ Moc: Type.String({ minLength: 1 }), ThoiDiem: Type.String(), HoSo })),
    ),
    MocCuoi: text,
    ConNua: Type.Boolean(),
  }),
);
export const checkAccount = checkAnswer(Type.Object({ TaiKhoan }));
export const checkAccounts = checkAnswer(
  Type.Object({ TaiKhoan: Type.Optional(Type.Array(TaiKhoan)), ConNua: Type.Boolean() }),
);
