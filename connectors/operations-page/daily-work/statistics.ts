import { type Static, Type } from 'typebox';
import type { StatisticsPort } from '#connectors/kit/daily-work-ports.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { Figures } from '#schemas/daily-work/figures.ts';
import type { Ask } from './resource-client.ts';

const count = Type.Integer({ minimum: 0 });
const SoLieu = Type.Object({
  congViecGiao: count,
  congViecXong: count,
  congViecQuaHan: count,
  vuViecNhan: count,
  vuViecTraLoi: count,
  vanBanKy: count,
});

const fromSoLieu = (counts: Static<typeof SoLieu>): Figures['period'] => ({
  documentsSigned: counts.vanBanKy,
  tasksGiven: counts.congViecGiao,
  tasksDone: counts.congViecXong,
  tasksOverdue: counts.congViecQuaHan,
  casesReceived: counts.vuViecNhan,
  casesAnswered: counts.vuViecTraLoi,
});

export const createStatistics = (ask: Ask, root: string): StatisticsPort => {
  const askFigures = ask(Type.Object({ trongKy: SoLieu, luyKe: SoLieu }));
  return {
    async figures({ from, until }, { signal }) {
      const query = new URLSearchParams({ tuNgay: toVietnameseDay(from), denNgay: toVietnameseDay(until) });
      const { trongKy, luyKe } = await askFigures('GET', `${root}/thong-ke?${query}`, signal);
      return { period: fromSoLieu(trongKy), sinceBeginning: fromSoLieu(luyKe) };
    },
  };
};
