import type { StatisticsPort } from '#connectors/kit/daily-work-ports.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import type { Figures } from '#schemas/daily-work/figures.ts';
import type { SoLieu, VanBanClient } from './van-ban-client.ts';

const fromSoLieu = ({ VanBanDi, VanBanKy }: SoLieu): Figures['period'] => ({
  documentsIssued: VanBanDi,
  documentsSigned: VanBanKy,
});

/** The port `statistics`. */
export const createStatistics = (client: VanBanClient): StatisticsPort => ({
  async figures({ from, until }, { signal }) {
    const figures = await client.figures(toVietnameseDay(from), toVietnameseDay(until), signal);
    return { period: fromSoLieu(figures.TrongKy), sinceBeginning: fromSoLieu(figures.LuyKe) };
  },
});
