import { type Static, Type } from 'typebox';
import { Title, UnitCode, WorkId } from './fields.ts';

/**
 * A notice to people or units. `to` names people in the app's own way: mail addresses, on the operations page user
 * names. `units` are exactly the units named, never those below them; only an app with notice boards takes them.
 */
export const Notice = Type.Object(
  {
    id: WorkId,
    to: Type.Array(Type.String({ minLength: 1, maxLength: 320 }), { maxItems: 10_000 }),
    units: Type.Optional(Type.Array(UnitCode, { maxItems: 1000 })),
    subject: Title,
    text: Type.String({ maxLength: 100_000 }),
  },
  { additionalProperties: false },
);
export type Notice = Static<typeof Notice>;
