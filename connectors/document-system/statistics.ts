import type { StatisticsPort } from '#connectors/kit/daily-work-ports.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import { soLieu, type VanBanClient } from './van-ban-client.ts';

/** The port `statistics`. */
export const createStatistics = (client: VanBanClient): StatisticsPort => ({
  async figures({ from, until }, { signal }) {
    const figures = await client.figures(toVietnameseDay(from), toVietnameseDay(until), signal);
    return { period: soLieu.read(figures.TrongKy), sinceBeginning: soLieu.read(figures.LuyKe) };
  },
});
