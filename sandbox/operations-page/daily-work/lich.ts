import type { AppAnswer } from '#sandbox/kit/app-server.ts';
import { clock, day, filled, orNull, text, truth } from '#sandbox/kit/rules.ts';
import { dayNumber } from '#sandbox/kit/vietnamese-day.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { ok, wrongField } from '#sandbox/operations-page/answers.ts';
import { createResource, type Resource, type ResourceRow } from './resource.ts';

/** An entry of a unit's weekly calendar (lịch công tác tuần). */
export interface LichRow extends ResourceRow {
  donVi: string;
  /** dd/MM/yyyy. */
  ngay: string;
  tuGio: string;
  denGio: string | null;
  noiDung: string;
  diaDiem: string | null;
  chuTri: string | null;
  thanhPhan: string | null;
  daHuy: boolean;
}

/** `GET` asks for a unit and days instead of changes: `donVi`, `tuNgay`, `denNgay`. */
export const createLich = (tables: WorkTables): Resource<LichRow> => {
  const resource = createResource<LichRow>({
    tables,
    name: 'lich-cong-tac',
    prefix: 'LCT',
    blank: {
      maLienThong: null,
      donVi: '',
      ngay: '',
      tuGio: '',
      denGio: null,
      noiDung: '',
      diaDiem: null,
      chuTri: null,
      thanhPhan: null,
      daHuy: false,
    },
    needs: ['donVi', 'ngay', 'tuGio', 'noiDung'],
    rules: {
      donVi: filled,
      ngay: day,
      tuGio: clock,
      denGio: orNull(clock),
      noiDung: filled,
      diaDiem: text,
      chuTri: text,
      thanhPhan: text,
      daHuy: truth,
    },
  });
  const week = (query: URLSearchParams): AppAnswer => {
    const [from, until] = [query.get('tuNgay'), query.get('denNgay')];
    if (!day(from)) return wrongField('tuNgay');
    if (!day(until)) return wrongField('denNgay');
    const danhSach = resource.table
      .all()
      .filter(({ donVi }) => donVi === query.get('donVi'))
      .filter(({ ngay }) => dayNumber(ngay) >= dayNumber(from) && dayNumber(ngay) <= dayNumber(until));
    return ok({ danhSach });
  };
  return {
    ...resource,
    handle: (request, id, action) =>
      id === undefined && request.method === 'GET'
        ? week(request.query)
        : resource.handle(request, id, action),
  };
};
