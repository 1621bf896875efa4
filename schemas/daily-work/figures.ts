import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';

/** What is counted, in the same words for every app. */
export const figureNames = [
  'documentsIssued',
  'documentsSigned',
  'tasksGiven',
  'tasksDone',
  'tasksOverdue',
  'dossiersReceived',
  'dossiersSettled',
  'dossiersOverdue',
  'casesReceived',
  'casesAnswered',
] as const;
export type FigureName = (typeof figureNames)[number];

/** Counts; an app leaves out what it does not have. */
const Counts = Type.Partial(
  Type.Object(
    Object.fromEntries(figureNames.map(name => [name, Type.Integer({ minimum: 0 })])) as Record<
      FigureName,
      ReturnType<typeof Type.Integer>
    >,
  ),
);

/** Both days belong to the period. */
export const FigurePeriod = Type.Object({ from: Day, until: Day }, { additionalProperties: false });
export type FigurePeriod = Static<typeof FigurePeriod>;

/** One app's counts of one period, and of all time up to its last day. */
export const Figures = Type.Object({ period: Counts, sinceBeginning: Counts });
export type Figures = Static<typeof Figures>;
