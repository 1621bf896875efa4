import { Type } from 'typebox';

/** Fields that the shapes of daily work have in common. */

/** The hub's own id of a thing: chosen once, the same in every app. */
export const WorkId = Type.String({ minLength: 1, maxLength: 100, pattern: '^\\S+$' });
/** A unit's code in the register. */
export const UnitCode = Type.String({ minLength: 1, maxLength: 40 });
/** A person's staff code (mã CBCCVC). */
export const StaffCode = Type.String({ minLength: 1, maxLength: 40 });
/** A number that people know a thing by: số và ký hiệu, số vụ việc. */
export const WorkNumber = Type.String({ minLength: 1, maxLength: 100 });
export const Title = Type.String({ minLength: 1, maxLength: 1000 });
export const Text = Type.String({ maxLength: 20_000 });
/** Where an app keeps the thing; the app's own word. */
export const ExternalId = Type.String({ minLength: 1, maxLength: 100 });
export const Moment = Type.String({ format: 'date-time' });

/** What work came from, by the number that people know. */
export const WorkSource = Type.Object(
  { kind: Type.String({ enum: ['document', 'case', 'directive', 'other'] }), number: WorkNumber },
  { additionalProperties: false },
);
