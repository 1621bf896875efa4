import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';
import { ExternalId, Text, Title, UnitCode, WorkId } from './fields.ts';

const fields = {
  /** A work programme (chương trình công tác) or a periodic report (báo cáo định kỳ). */
  kind: Type.String({ enum: ['programme', 'report'] }),
  /** A year `2018`, a quarter `2018-Q3` or a month `2018-09`. */
  period: Type.String({ pattern: '^\\d{4}(-(Q[1-4]|0[1-9]|1[0-2]))?$' }),
  /** Whose it is. */
  unitCode: UnitCode,
  /** The unit above that it is sent up to; absent: it stays in the unit. */
  sentUpTo: Type.Optional(UnitCode),
  title: Title,
  text: Type.Optional(Text),
  dueOn: Type.Optional(Day),
  state: Type.String({ enum: ['draft', 'registered', 'accepted'] }),
};

/** A line of a work programme, or a periodic report, registered once. */
export const ProgrammeItem = Type.Object(
  {
    id: WorkId,
    /** Where people wrote it: the line there that is given the id. */
    externalId: Type.Optional(ExternalId),
    ...fields,
  },
  { additionalProperties: false },
);
export type ProgrammeItem = Static<typeof ProgrammeItem>;

/** A line as an app holds it. Without `id` it was written there and the hub does not know it yet. */
export const AppProgrammeItem = Type.Object({
  externalId: ExternalId,
  id: Type.Optional(WorkId),
  ...fields,
});
export type AppProgrammeItem = Static<typeof AppProgrammeItem>;
