import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import type { DocumentFiles } from '#sandbox/kit/document-files.ts';
import type { WorkTable } from '#sandbox/kit/work-tables.ts';
import { ok, wrongField } from '#sandbox/operations-page/answers.ts';
import type { CongViecRow } from './cong-viec.ts';
import { day, dayNumber } from './rules.ts';
import type { VuViecRow } from './vu-viec.ts';

/** The day of a moment in Vietnam, as a number that orders days. */
const numberOf = (moment: string): number =>
  Number(new Date(Date.parse(moment) + 7 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', ''));

/**
 * `GET /api/thong-ke?tuNgay=&denNgay=`: counts of the period and of all time until its end. A task belongs to the day
 * on which it was last changed, an overdue one to its deadline.
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
      within(Number(issuedOn.replaceAll('-', ''))),
    );
    return {
      congViecGiao: tasks.filter(({ at }) => within(numberOf(at))).length,
      congViecXong: tasks.filter(({ row, at }) => row.trangThai === 'HOAN_THANH' && within(numberOf(at)))
        .length,
      congViecQuaHan: tasks.filter(
        ({ row }) =>
          ['MOI', 'DANG_LAM'].includes(row.trangThai) &&
          row.hanXuLy !== null &&
          within(dayNumber(row.hanXuLy)) &&
          dayNumber(row.hanXuLy) < numberOf(new Date().toISOString()),
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
