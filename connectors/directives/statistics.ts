import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { StatisticsPort } from '#connectors/kit/daily-work-ports.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { Figures } from '#schemas/daily-work/figures.ts';
import type { DirectivesCall } from './client.ts';

const count = Type.Integer({ minimum: 0 });
const SoLieu = Type.Object({
  VanBanKy: count,
  YKienGiao: count,
  YKienXong: count,
  YKienQuaHan: count,
  KienNghiNhan: count,
  KienNghiTraLoi: count,
});
const checkFigures = checkAnswer(Type.Object({ TrongKy: SoLieu, LuyKe: SoLieu }));

const fromSoLieu = (counts: Static<typeof SoLieu>): Figures['period'] => ({
  documentsSigned: counts.VanBanKy,
  tasksGiven: counts.YKienGiao,
  tasksDone: counts.YKienXong,
  tasksOverdue: counts.YKienQuaHan,
  casesReceived: counts.KienNghiNhan,
  casesAnswered: counts.KienNghiTraLoi,
});

/** The port `statistics`; what is directed counts as a task. */
export const createStatistics = (call: DirectivesCall): StatisticsPort => ({
  async figures({ from, until }, { signal }) {
    const input = { TuNgay: toVietnameseDay(from), DenNgay: toVietnameseDay(until) };
    const { TrongKy, LuyKe } = await call('ThongKe', input, signal, checkFigures);
    return { period: fromSoLieu(TrongKy), sinceBeginning: fromSoLieu(LuyKe) };
  },
});
