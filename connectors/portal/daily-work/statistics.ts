import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { StatisticsPort } from '#connectors/kit/daily-work-ports.ts';
import type { Figures } from '#schemas/daily-work/figures.ts';
import type { Ask } from './ask.ts';

const count = Type.Integer({ minimum: 0 });
const Counts = Type.Object({
  dossiers_received: count,
  dossiers_settled: count,
  dossiers_overdue: count,
  feedback_received: count,
  feedback_replied: count,
  results_signed: count,
});
const checkFigures = checkAnswer(Type.Object({ period: Counts, since_beginning: Counts }));

const fromCounts = (counts: Static<typeof Counts>): Figures['period'] => ({
  documentsSigned: counts.results_signed,
  dossiersReceived: counts.dossiers_received,
  dossiersSettled: counts.dossiers_settled,
  dossiersOverdue: counts.dossiers_overdue,
  casesReceived: counts.feedback_received,
  casesAnswered: counts.feedback_replied,
});

/** The port `statistics`. */
export const createStatistics = (ask: Ask): StatisticsPort => ({
  async figures({ from, until }, { signal }) {
    const query = new URLSearchParams({ from, until });
    const { period, since_beginning } = await ask('GET', `/statistics?${query}`, signal, checkFigures);
    return { period: fromCounts(period), sinceBeginning: fromCounts(since_beginning) };
  },
});
