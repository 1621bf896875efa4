import { Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { StatisticsPort } from '#connectors/kit/daily-work-ports.ts';
import { figuresBy } from '#connectors/kit/figures-by.ts';
import type { Ask } from './ask.ts';

const counts = figuresBy({
  documentsSigned: 'results_signed',
  dossiersReceived: 'dossiers_received',
  dossiersSettled: 'dossiers_settled',
  dossiersOverdue: 'dossiers_overdue',
  casesReceived: 'feedback_received',
  casesAnswered: 'feedback_replied',
});
const checkFigures = checkAnswer(Type.Object({ period: counts.shape, since_beginning: counts.shape }));

/** The port `statistics`. */
export const createStatistics = (ask: Ask): StatisticsPort => ({
  async figures({ from, until }, { signal }) {
    const query = new URLSearchParams({ from, until });
    const { period, since_beginning } = await ask('GET', `/statistics?${query}`, signal, checkFigures);
    return { period: counts.read(period), sinceBeginning: counts.read(since_beginning) };
  },
});
