import { type Static, Type } from 'typebox';
import { Title, UnitCode } from './fields.ts';

/**
 * A notice to people (`to`, by their mail addresses) or on the boards of units: exactly the units named, never those
 * below them. Only an app with notice boards takes units.
 */
export const Notice = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 200 }),
    to: Type.Array(Type.String({ minLength: 1, maxLength: 320 }), { maxItems: 10_000 }),
    units: Type.Optional(Type.Array(UnitCode, { maxItems: 1000 })),
    subject: Title,
    text: Type.String({ maxLength: 100_000 }),
  },
  { additionalProperties: false },
);
export type Notice = Static<typeof Notice>;
