import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import { day, oneOf } from '#sandbox/kit/rules.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { missing, no, notAllowed, ok, wrongField } from '#sandbox/operations-page/answers.ts';

/** Somebody's half-day (điểm danh); `luc` is ISO 8601. */
interface DiemDanhRow {
  id: string;
  maCbccvc: string;
  /** dd/MM/yyyy. */
  ngay: string;
  buoi: 'SANG' | 'CHIEU';
  luc: string;
}

/** `PUT /api/diem-danh`: the first of a half-day stays. */
export const createDiemDanh = (tables: WorkTables, knows: (staffCode: string) => boolean) => {
  const table = tables.table<DiemDanhRow>('diem-danh');
  return (request: AppRequest): AppAnswer => {
    if (request.method !== 'PUT') return notAllowed;
    const body = parseBody(request.body) as Record<string, string> | undefined;
    if (body === undefined) return no('DU_LIEU_KHONG_HOP_LE', 'JSON không hợp lệ', 400);
    const { maCbccvc = '', ngay = '', buoi = '', luc = '' } = body;
    if (!knows(maCbccvc)) return missing;
    if (!day(ngay)) return wrongField('ngay');
    if (!oneOf('SANG', 'CHIEU')(buoi)) return wrongField('buoi');
    if (Number.isNaN(Date.parse(luc))) return wrongField('luc');
    const id = `${maCbccvc}/${ngay.split('/').reverse().join('-')}/${buoi}`;
    return ok(table.get(id) ?? table.save({ id, maCbccvc, ngay, buoi: buoi as 'SANG' | 'CHIEU', luc }));
  };
};
