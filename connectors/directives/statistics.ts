import { Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { StatisticsPort } from '#connectors/kit/daily-work-ports.ts';
import { figuresBy } from '#connectors/kit/figures-by.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { DirectivesCall } from './client.ts';

const soLieu = figuresBy({
  documentsSigned: 'VanBanKy',
  tasksGiven: 'YKienGiao',
  tasksDone: 'YKienXong',
  tasksOverdue: 'YKienQuaHan',
  casesReceived: 'KienNghiNhan',
  casesAnswered: 'KienNghiTraLoi',
});
const checkFigures = checkAnswer(Type.Object({ TrongKy: soLieu.shape, LuyKe: soLieu.shape }));

/** The port `statistics`; what is directed counts as a task. */
export const createStatistics = (call: DirectivesCall): StatisticsPort => ({
  async figures({ from, until }, { signal }) {
    const input = { TuNgay: toVietnameseDay(from), DenNgay: toVietnameseDay(until) };
    const { TrongKy, LuyKe } = await call('ThongKe', input, signal, checkFigures);
    return { period: soLieu.read(TrongKy), sinceBeginning: soLieu.read(LuyKe) };
  },
});
