import { type Static, Type } from 'typebox';

const progressStates = ['open', 'in-progress', 'done', 'cancelled'] as const;

/** How far a piece of work is, in the one form that every app is told and asked in. */
export const Progress = Type.Object(
  {
    state: Type.String({ enum: [...progressStates] }),
    /** 0–100; `done` is 100. */
    percent: Type.Integer({ minimum: 0, maximum: 100 }),
    note: Type.Optional(Type.String({ maxLength: 4000 })),
  },
  { additionalProperties: false },
);
export type Progress = Static<typeof Progress>;
