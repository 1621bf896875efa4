import { Type } from 'typebox';
import type { StatisticsPort } from '#connectors/kit/daily-work-ports.ts';
import { figuresBy } from '#connectors/kit/figures-by.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { Ask } from './resource-client.ts';

const soLieu = figuresBy({
  documentsSigned: 'vanBanKy',
  tasksGiven: 'congViecGiao',
  tasksDone: 'congViecXong',
  tasksOverdue: 'congViecQuaHan',
  casesReceived: 'vuViecNhan',
  casesAnswered: 'vuViecTraLoi',
});

export const createStatistics = (ask: Ask, root: string): StatisticsPort => {
  const askFigures = ask(Type.Object({ trongKy: soLieu.shape, luyKe: soLieu.shape }));
  return {
    async figures({ from, until }, { signal }) {
      const query = new URLSearchParams({ tuNgay: toVietnameseDay(from), denNgay: toVietnameseDay(until) });
      const { trongKy, luyKe } = await askFigures('GET', `${root}/thong-ke?${query}`, signal);
      return { period: soLieu.read(trongKy), sinceBeginning: soLieu.read(luyKe) };
    },
  };
};
