import { day, filled, oneOf, orNull, text, texts } from '#sandbox/kit/rules.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { createResource, type ResourceRow } from './resource.ts';

/** A task of the page (công việc). */
export interface CongViecRow extends ResourceRow {
  soHieu: string | null;
  tieuDe: string;
  donViChuTri: string;
  donViPhoiHop: string[];
  nguoiThucHien: string[];
  /** dd/MM/yyyy. */
  hanXuLy: string | null;
  nguonLoai: string | null;
  nguonSo: string | null;
  trangThai: 'MOI' | 'DANG_LAM' | 'HOAN_THANH' | 'HUY';
  tienDo: number;
  ghiChu: string | null;
}

export const createCongViec = (tables: WorkTables) =>
  createResource<CongViecRow>({
    tables,
    name: 'cong-viec',
    prefix: 'CV',
    blank: {
      maLienThong: null,
      soHieu: null,
      tieuDe: '',
      donViChuTri: '',
      donViPhoiHop: [],
      nguoiThucHien: [],
      hanXuLy: null,
      nguonLoai: null,
      nguonSo: null,
      trangThai: 'MOI',
      tienDo: 0,
      ghiChu: null,
    },
    needs: ['tieuDe', 'donViChuTri'],
    rules: {
      soHieu: text,
      tieuDe: filled,
      donViChuTri: filled,
      donViPhoiHop: texts,
      nguoiThucHien: texts,
      hanXuLy: orNull(day),
      nguonLoai: orNull(oneOf('VAN_BAN', 'VU_VIEC', 'CHI_DAO', 'KHAC')),
      nguonSo: text,
      trangThai: oneOf('MOI', 'DANG_LAM', 'HOAN_THANH', 'HUY'),
      tienDo: value => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 100,
      ghiChu: text,
    },
    isWanted(row, query) {
      const person = query.get('nguoiThucHien');
      const isOpen = row.trangThai === 'MOI' || row.trangThai === 'DANG_LAM';
      return (
        (person === null || row.nguoiThucHien.includes(person)) &&
        (isOpen || query.get('chuaXong') !== 'true')
      );
    },
    actions: {
      'ket-thuc': (row, body) => ({
        ...row,
        trangThai: body.ketQua === 'HUY' ? 'HUY' : 'HOAN_THANH',
        tienDo: body.ketQua === 'HUY' ? row.tienDo : 100,
        ghiChu: typeof body.ghiChu === 'string' ? body.ghiChu : row.ghiChu,
      }),
    },
  });
