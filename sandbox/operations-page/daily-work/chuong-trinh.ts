import { day, filled, oneOf, orNull, text } from '#sandbox/kit/rules.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { createResource, type ResourceRow } from './resource.ts';

/** A line of a work programme, or a periodic report. */
export interface ChuongTrinhRow extends ResourceRow {
  loai: 'CHUONG_TRINH' | 'BAO_CAO';
  /** 2018, 2018-Q3 or 2018-09. */
  ky: string;
  donVi: string;
  /** The unit above that sees it; null: nobody but the unit. */
  guiCapTren: string | null;
  tieuDe: string;
  noiDung: string | null;
  /** dd/MM/yyyy. */
  han: string | null;
  trangThai: 'NHAP' | 'DA_DANG_KY' | 'DA_DUYET';
}

export const createChuongTrinh = (tables: WorkTables) =>
  createResource<ChuongTrinhRow>({
    tables,
    name: 'chuong-trinh',
    prefix: 'CT',
    blank: {
      maLienThong: null,
      loai: 'CHUONG_TRINH',
      ky: '',
      donVi: '',
      guiCapTren: null,
      tieuDe: '',
      noiDung: null,
      han: null,
      trangThai: 'NHAP',
    },
    needs: ['ky', 'donVi', 'tieuDe'],
    rules: {
      loai: oneOf('CHUONG_TRINH', 'BAO_CAO'),
      ky: value => /^\d{4}(-(Q[1-4]|\d{2}))?$/.test(String(value)),
      donVi: filled,
      guiCapTren: text,
      tieuDe: filled,
      noiDung: text,
      han: orNull(day),
      trangThai: oneOf('NHAP', 'DA_DANG_KY', 'DA_DUYET'),
    },
  });
