import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';
import { StaffCode, WorkId } from './fields.ts';

/** What the HR software decided of a person, told on the operations page (nâng bậc lương, khen thưởng). */
export const PersonnelFact = Type.Object(
  {
    id: WorkId,
    staffCode: StaffCode,
    kind: Type.String({ enum: ['salary-step', 'award'] }),
    /** The day from which it holds. */
    date: Day,
    text: Type.String({ minLength: 1, maxLength: 1000 }),
  },
  { additionalProperties: false },
);
export type PersonnelFact = Static<typeof PersonnelFact>;
