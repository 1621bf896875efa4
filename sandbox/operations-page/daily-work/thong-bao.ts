import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import { filled, texts } from '#sandbox/kit/rules.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { no, notAllowed, ok, wrongField } from '#sandbox/operations-page/answers.ts';
import type { CanBoRow } from '#sandbox/operations-page/can-bo.ts';

/** A notice on the boards of units and people. */
export interface ThongBaoRow {
  id: string;
  maLienThong: string;
  tieuDe: string;
  noiDung: string;
  /** Mail addresses of people, codes of units. */
  nguoiNhan: string[];
  donViNhan: string[];
  gomCapDuoi: boolean;
  /** User names of those who see it. */
  nguoiXem: string[];
}

/**
 * `POST /api/thong-bao`. Whoever does not say `gomCapDuoi: false` reaches every unit below as well: that is the vendor's
 * default, and how a department's notice came to the communes.
 */
export const createThongBao = (tables: WorkTables, staff: () => CanBoRow[]) => {
  const table = tables.table<ThongBaoRow>('thong-bao');
  return (request: AppRequest): AppAnswer => {
    if (request.method !== 'POST') return notAllowed;
    const body = parseBody(request.body);
    if (body === undefined) return no('DU_LIEU_KHONG_HOP_LE', 'JSON không hợp lệ', 400);
    const { maLienThong, tieuDe, noiDung = '', nguoiNhan = [], donViNhan = [], gomCapDuoi = true } = body;
    if (!filled(maLienThong)) return wrongField('maLienThong');
    if (!filled(tieuDe)) return wrongField('tieuDe');
    if (!texts(nguoiNhan)) return wrongField('nguoiNhan');
    if (!texts(donViNhan)) return wrongField('donViNhan');
    const active = staff().filter(({ trangThai }) => trangThai === 'HOAT_DONG');
    const addresses = nguoiNhan as string[];
    const units = donViNhan as string[];
    const inUnit = (unit: string | null): boolean =>
      units.some(code => unit === code || (gomCapDuoi === true && (unit ?? '').startsWith(`${code}.`)));
    const people = active.filter(one => one.thuDienTu !== null && addresses.includes(one.thuDienTu));
    const ofUnits = active.filter(one => inUnit(one.maDonVi));
    const before = table.find(row => row.maLienThong === maLienThong);
    const row =
      before ??
      table.save({
        id: table.freeId('TB'),
        maLienThong: maLienThong as string,
        tieuDe: tieuDe as string,
        noiDung: String(noiDung),
        nguoiNhan: people.map(one => one.thuDienTu as string),
        donViNhan: units.filter(code => active.some(one => one.maDonVi === code)),
        gomCapDuoi: gomCapDuoi === true,
        nguoiXem: [...new Set([...people, ...ofUnits])].map(one => one.tenDangNhap),
      });
    return ok({ id: row.id, nguoiNhan: row.nguoiNhan, donViNhan: row.donViNhan });
  };
};
