import { type Static, Type } from 'typebox';

/** Asks for what was made or changed since a cursor; absent: from the beginning. */
export const ChangesRequest = Type.Object(
  {
    after: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    limit: Type.Integer({ minimum: 1, maximum: 1000 }),
  },
  { additionalProperties: false },
);
export type ChangesRequest = Static<typeof ChangesRequest>;
