import { child, textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import type { XmlValue } from '#sandbox/kit/soap-service.ts';
import { isVietnameseDay } from '#sandbox/kit/vietnamese-day.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { createWorkRows, type Fault } from './work-rows.ts';

interface TraLoi {
  NoiDung: string;
  DonVi: string;
  /** dd/MM/yyyy. */
  Ngay: string;
  SoVanBan: string;
}
/** A citizen's matter; `MaLienThong` is its one number. */
export interface KienNghiRow {
  id: string;
  MaLienThong: string;
  Loai: string;
  TieuDe: string;
  NoiDung: string;
  NguoiGui: string;
  /** dd/MM/yyyy. */
  NgayNhan: string;
  DonViXuLy: string;
  HanTraLoi: string;
  TraLoi: TraLoi | null;
}

const readAnswer = (element: XmlNode | undefined): TraLoi => ({
  NoiDung: textOf(element, 'NoiDung') ?? '',
  DonVi: textOf(element, 'DonVi') ?? '',
  Ngay: textOf(element, 'Ngay') ?? '',
  SoVanBan: textOf(element, 'SoVanBan') ?? '',
});

export const createKienNghi = (tables: WorkTables, fault: Fault) => {
  const rows = createWorkRows<KienNghiRow>({
    table: tables.table('kien-nghi'),
    blank: {
      MaLienThong: '',
      Loai: 'BaoNeu',
      TieuDe: '',
      NoiDung: '',
      NguoiGui: '',
      NgayNhan: '',
      DonViXuLy: '',
      HanTraLoi: '',
      TraLoi: null,
    },
    texts: ['MaLienThong', 'Loai', 'TieuDe', 'NoiDung', 'NguoiGui', 'NgayNhan', 'DonViXuLy', 'HanTraLoi'],
    show: ({ TraLoi }) =>
      TraLoi === null ? {} : { TraLoi: { ...TraLoi, SoVanBan: TraLoi.SoVanBan || undefined } },
    isSound: row =>
      ['BaoNeu', 'CuTri', 'DanHoi'].includes(row.Loai) &&
      row.TieuDe !== '' &&
      isVietnameseDay(row.NgayNhan) &&
      (row.HanTraLoi === '' || isVietnameseDay(row.HanTraLoi)) &&
      (row.TraLoi === null || (row.TraLoi.NoiDung !== '' && isVietnameseDay(row.TraLoi.Ngay))),
    fault,
  });
  const operations: Record<string, (input: XmlNode) => XmlValue> = {
    GhiKienNghi: input => ({ KienNghi: rows.write(child(input, 'KienNghi')) }),
    DanhSachKienNghi(input) {
      const { rows: KienNghi, ConNua } = rows.list(input);
      return { KienNghi, ConNua };
    },
    TraLoiKienNghi(input) {
      const row = rows.demand(input);
      const TraLoi = readAnswer(child(input, 'TraLoi'));
      if (row.TraLoi !== null && JSON.stringify(row.TraLoi) !== JSON.stringify(TraLoi))
        throw fault('DA_TRA_LOI', 'Kiến nghị đã được trả lời');
      return { KienNghi: rows.save({ ...row, TraLoi }) };
    },
  };
  return { rows, operations };
};
