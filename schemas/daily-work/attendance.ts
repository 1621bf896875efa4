import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';
import { Moment, StaffCode } from './fields.ts';

/** Somebody was at work in one half of a day (điểm danh). */
export const Attendance = Type.Object(
  {
    staffCode: StaffCode,
    day: Day,
    half: Type.String({ enum: ['morning', 'afternoon'] }),
    /** When they were first seen. */
    at: Moment,
  },
  { additionalProperties: false },
);
export type Attendance = Static<typeof Attendance>;
