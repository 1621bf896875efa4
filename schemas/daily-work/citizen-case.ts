import { type Static, Type } from 'typebox';
import { Day } from '#schemas/hr-record.ts';
import { ExternalId, Text, Title, UnitCode, WorkNumber } from './fields.ts';

/** Báo nêu, ý kiến cử tri, dân hỏi. */
const caseKinds = ['reported', 'voter-opinion', 'question'] as const;

/** What is answered to the citizen. */
export const CaseAnswer = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: 20_000 }),
    /** Who answers. */
    unitCode: UnitCode,
    on: Day,
    /** Số và ký hiệu of the letter, when there is one. */
    documentNumber: Type.Optional(WorkNumber),
  },
  { additionalProperties: false },
);
export type CaseAnswer = Static<typeof CaseAnswer>;

const fields = {
  kind: Type.String({ enum: [...caseKinds] }),
  title: Title,
  text: Text,
  /** Who asked, as they wrote it: personal, for the unit that answers. */
  from: Type.Optional(Type.String({ maxLength: 500 })),
  receivedOn: Day,
  /** The unit that is to answer; absent: not yet assigned. */
  unitCode: Type.Optional(UnitCode),
  dueOn: Type.Optional(Day),
};

/** A citizen's matter as the hub mirrors it: one number, whichever app it entered. */
export const CitizenCase = Type.Object(
  {
    /** The one number. */
    number: WorkNumber,
    /** In the app that it entered: the case there that is given the number. */
    externalId: Type.Optional(ExternalId),
    ...fields,
  },
  { additionalProperties: false },
);
export type CitizenCase = Static<typeof CitizenCase>;

/** A case as an app holds it. Without `number` it entered there and nobody has given it the one number yet. */
export const AppCase = Type.Object({
  externalId: ExternalId,
  number: Type.Optional(WorkNumber),
  ...fields,
  answer: Type.Optional(CaseAnswer),
});
export type AppCase = Static<typeof AppCase>;

export const CaseAnswering = Type.Object(
  { number: WorkNumber, answer: CaseAnswer },
  { additionalProperties: false },
);
export type CaseAnswering = Static<typeof CaseAnswering>;
