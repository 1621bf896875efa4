import { child, textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import type { XmlValue } from '#sandbox/kit/soap-service.ts';
import { isVietnameseDay } from '#sandbox/kit/vietnamese-day.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { createWorkRows, type Fault, numberOf } from './work-rows.ts';

/** An entry of the software: who is directed to do what until when. */
export interface YKienRow {
  id: string;
  MaLienThong: string;
  SoKyHieu: string;
  NoiDung: string;
  DonViChuTri: string;
  /** dd/MM/yyyy. */
  HanXuLy: string;
  NguonLoai: string;
  NguonSo: string;
  TrangThai: string;
  TienDo: number;
  GhiChu: string;
}

const states = ['ChuaThucHien', 'DangThucHien', 'HoanThanh', 'Huy'];

export const createYKien = (tables: WorkTables, fault: Fault) => {
  const rows = createWorkRows<YKienRow>({
    table: tables.table('y-kien'),
    blank: {
      MaLienThong: '',
      SoKyHieu: '',
      NoiDung: '',
      DonViChuTri: '',
      HanXuLy: '',
      NguonLoai: '',
      NguonSo: '',
      TrangThai: 'ChuaThucHien',
      TienDo: 0,
      GhiChu: '',
    },
    texts: [
      'MaLienThong',
      'SoKyHieu',
      'NoiDung',
      'DonViChuTri',
      'HanXuLy',
      'NguonLoai',
      'NguonSo',
      'TrangThai',
      'GhiChu',
    ],
    show: () => ({}),
    isSound: row =>
      row.NoiDung !== '' &&
      row.DonViChuTri !== '' &&
      states.includes(row.TrangThai) &&
      row.TienDo >= 0 &&
      row.TienDo <= 100 &&
      (row.HanXuLy === '' || isVietnameseDay(row.HanXuLy)),
    fault,
  });
  const percentOf = (element: XmlNode | undefined): Partial<YKienRow> => {
    const TienDo = numberOf(element, 'TienDo');
    return TienDo === undefined ? {} : { TienDo };
  };
  const operations: Record<string, (input: XmlNode) => XmlValue> = {
    GhiYKien: input => ({ YKien: rows.write(child(input, 'YKien'), percentOf) }),
    DanhSachYKien(input) {
      const { rows: YKien, ConNua } = rows.list(input);
      return { YKien, ConNua };
    },
    CapNhatTienDo(input) {
      const row = rows.demand(input);
      const GhiChu = textOf(input, 'GhiChu') ?? row.GhiChu;
      const TrangThai = textOf(input, 'TrangThai') ?? '';
      return { YKien: rows.save({ ...row, TrangThai, GhiChu, ...percentOf(input) }) };
    },
  };
  return { rows, operations };
};
