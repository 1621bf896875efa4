import { day, filled, oneOf, orNull, text } from '#sandbox/kit/rules.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { no } from '#sandbox/operations-page/answers.ts';
import { createResource, type ResourceRow } from './resource.ts';

/** What is answered to the citizen. */
export interface TraLoi {
  noiDung: string;
  donVi: string;
  /** dd/MM/yyyy. */
  ngay: string;
  soVanBan: string | null;
}
/** A citizen's matter (sự việc báo nêu, ý kiến cử tri, dân hỏi); `maLienThong` is its one number. */
export interface VuViecRow extends ResourceRow {
  loai: 'BAO_NEU' | 'CU_TRI' | 'DAN_HOI';
  tieuDe: string;
  noiDung: string;
  nguoiGui: string | null;
  /** dd/MM/yyyy. */
  ngayNhan: string;
  donViXuLy: string | null;
  hanTraLoi: string | null;
  traLoi: TraLoi | null;
}

const isAnswer = (value: unknown): boolean => {
  const answer = value as TraLoi;
  return filled(answer.noiDung) && filled(answer.donVi) && day(answer.ngay);
};

export const createVuViec = (tables: WorkTables) =>
  createResource<VuViecRow>({
    tables,
    name: 'vu-viec',
    prefix: 'VV',
    blank: {
      maLienThong: null,
      loai: 'BAO_NEU',
      tieuDe: '',
      noiDung: '',
      nguoiGui: null,
      ngayNhan: '',
      donViXuLy: null,
      hanTraLoi: null,
      traLoi: null,
    },
    needs: ['tieuDe', 'ngayNhan'],
    rules: {
      loai: oneOf('BAO_NEU', 'CU_TRI', 'DAN_HOI'),
      tieuDe: filled,
      noiDung: text,
      nguoiGui: text,
      ngayNhan: day,
      donViXuLy: text,
      hanTraLoi: orNull(day),
      traLoi: orNull(isAnswer),
    },
    actions: {
      'tra-loi': (row, { noiDung, donVi, ngay, soVanBan = null }) => {
        const traLoi = { noiDung, donVi, ngay, soVanBan } as TraLoi;
        const other = row.traLoi !== null && JSON.stringify(row.traLoi) !== JSON.stringify(traLoi);
        return other ? no('DA_TRA_LOI', 'Vụ việc đã được trả lời') : { ...row, traLoi };
      },
    },
  });
