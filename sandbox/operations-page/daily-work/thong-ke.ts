import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import type { DocumentFiles } from '#sandbox/kit/document-files.ts';
import { day } from '#sandbox/kit/rules.ts';
import { dayNumber, dayNumberOf } from '#sandbox/kit/vietnamese-day.ts';
import type { WorkTable } from '#sandbox/kit/work-tables.ts';
import { ok, wrongField } from '#sandbox/operations-page/answers.ts';
import type { CongViecRow } from './cong-viec.ts';
import type { VuViecRow } from './vu-viec.ts';

/**
 * `GET /api/thong-ke?tuNgay=&denNgay=`: counts of the period and of all time until its end. A task counts as
 * given when it was made, as done when it was last changed, as overdue by its deadline.
 */
export const createThongKe = (work: {
  tasks: WorkTable<CongViecRow>;
  cases: WorkTable<VuViecRow>;
  files: DocumentFiles;
}) => {
  const countWithin = (from: number, until: number) => {
    const within = (number: number): boolean => number >= from && number <= until;
    const tasks = work.tasks.after(0, Number.MAX_SAFE_INTEGER).found;
    const cases = work.cases.all();
    const signed = (work.files.state() as { issuedOn: string }[]).filter(({ issuedOn }) =>
      within(dayNumber(issuedOn)),
    );
    return {
      congViecGiao: tasks.filter(({ madeAt }) => within(dayNumberOf(madeAt))).length,
      congViecXong: tasks.filter(({ row, at }) => row.trangThai === 'HOAN_THANH' && within(dayNumberOf(at)))
        .length,
      congViecQuaHan: tasks.filter(
        ({ row }) =>
          ['MOI', 'DANG_LAM'].includes(row.trangThai) &&
          row.hanXuLy !== null &&
          within(dayNumber(row.hanXuLy)) &&
          dayNumber(row.hanXuLy) < dayNumberOf(new Date().toISOString()),
      ).length,
      vuViecNhan: cases.filter(({ ngayNhan }) => within(dayNumber(ngayNhan))).length,
      vuViecTraLoi: cases.filter(({ traLoi }) => traLoi !== null && within(dayNumber(traLoi.ngay))).length,
      vanBanKy: signed.length,
    };
  };
  return (request: AppRequest): AppAnswer => {
    const [from, until] = [request.query.get('tuNgay'), request.query.get('denNgay')];
    if (!day(from)) return wrongField('tuNgay');
    if (!day(until)) return wrongField('denNgay');
    return ok({
      trongKy: countWithin(dayNumber(from), dayNumber(until)),
      luyKe: countWithin(1, dayNumber(until)),
    });
  };
};
