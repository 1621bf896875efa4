import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';
import { ExternalId, Title, UnitCode, WorkId } from './fields.ts';

/** Vietnamese time of day. */
const Clock = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });

const fields = {
  unitCode: UnitCode,
  day: Day,
  from: Clock,
  until: Type.Optional(Clock),
  title: Title,
  place: Type.Optional(Type.String({ maxLength: 500 })),
  /** Chủ trì, as people read it. */
  chair: Type.Optional(Type.String({ maxLength: 500 })),
  /** Thành phần, as people read it. */
  attendees: Type.Optional(Type.String({ maxLength: 4000 })),
  /** Called off: shown as such, never deleted. */
  cancelled: Type.Optional(Type.Boolean()),
};

/** An entry of a unit's weekly calendar (lịch công tác tuần) as the hub wants it. */
export const CalendarEntry = Type.Object(
  {
    id: WorkId,
    /** In the app where people wrote it: the entry there that is given the id. */
    externalId: Type.Optional(ExternalId),
    ...fields,
  },
  { additionalProperties: false },
);
export type CalendarEntry = Static<typeof CalendarEntry>;

/** An entry as an app holds it. Without `id` it was written there and the hub does not know it yet. */
export const AppCalendarEntry = Type.Object({
  externalId: ExternalId,
  id: Type.Optional(WorkId),
  ...fields,
});
export type AppCalendarEntry = Static<typeof AppCalendarEntry>;

/** The week, Monday to Sunday, in which `day` lies. */
export const CalendarWeek = Type.Object({ unitCode: UnitCode, day: Day }, { additionalProperties: false });
export type CalendarWeek = Static<typeof CalendarWeek>;
