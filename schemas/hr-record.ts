import { type Static, Type } from 'typebox';

/** A calendar day without time or zone, ISO 8601 `YYYY-MM-DD`. */
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'ISO 8601 day' });

/** Hundredths of a salary coefficient: 2.34 is 234 (Decree 204/2004/NĐ-CP prints two decimals). */
export const Hundredths = Type.Integer({ minimum: 0, maximum: 2000 });

/** One step of a person's salary: rank code (mã ngạch), grade (bậc), coefficient (hệ số), since when. */
export const SalaryStep = Type.Object({
  rank: Type.String({ maxLength: 20 }),
  grade: Type.Integer({ minimum: 1, maximum: 16 }),
  coefficient: Hundredths,
  from: Day,
});
export type SalaryStep = Static<typeof SalaryStep>;

/** A post in a unit. `unit` is a unit code or a unit name as the source spells it. */
export const HrPosition = Type.Object({
  unit: Type.String({ minLength: 1, maxLength: 200 }),
  title: Type.String({ maxLength: 200 }),
  main: Type.Boolean(),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
});
export type HrPosition = Static<typeof HrPosition>;

/** A commendation (khen thưởng) or a disciplinary measure (kỷ luật). */
export const Decision = Type.Object({
  title: Type.String({ minLength: 1, maxLength: 300 }),
  date: Type.Optional(Day),
  year: Type.Optional(Type.Integer({ minimum: 1900, maximum: 2200 })),
  number: Type.Optional(Type.String({ maxLength: 100 })),
});
export type Decision = Static<typeof Decision>;

/**
 * What any HR source says of one person: the SOAP feed, a push to `/api/v1/hr/records`, or one row of a
 * spreadsheet after normalisation. An absent property means "the source says nothing", never "erase".
 * Names are NFC and in title case, days are ISO, the staff code and the citizen number are opaque text.
 */
export const HrRecord = Type.Object(
  {
    /** Key of the person in the source, when it has one. */
    sourceKey: Type.Optional(Type.String({ maxLength: 100 })),
    /** Mã CBCCVC: opaque, unique in the province. */
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    /** Số CCCD: 12 digits. */
    citizenNumber: Type.Optional(Type.String({ pattern: '^\\d{12}$' })),
    name: Type.String({ minLength: 2, maxLength: 120 }),
    birthDate: Type.Optional(Day),
    /** Only the year is known. */
    birthYear: Type.Optional(Type.Integer({ minimum: 1900, maximum: 2200 })),
    gender: Type.Optional(Type.Union([Type.Literal('male'), Type.Literal('female')])),
    email: Type.Optional(Type.String({ maxLength: 254, format: 'email' })),
    phone: Type.Optional(Type.String({ maxLength: 30 })),
    status: Type.Optional(
      Type.Union([Type.Literal('active'), Type.Literal('suspended'), Type.Literal('left')]),
    ),
    statusFrom: Type.Optional(Day),
    /** The complete list of posts in force; absent means unchanged. At most one is main. */
    positions: Type.Optional(Type.Array(HrPosition, { maxItems: 20 })),
    /** Only the main post is known (a spreadsheet's row): other posts stay. An empty title means unknown. */
    mainPosition: Type.Optional(Type.Pick(HrPosition, ['unit', 'title', 'from'])),
    /** The step in force; earlier steps are kept. */
    salary: Type.Optional(SalaryStep),
    /** Added to those already known (same title and date count once). */
    awards: Type.Optional(Type.Array(Decision, { maxItems: 100 })),
    disciplines: Type.Optional(Type.Array(Decision, { maxItems: 100 })),
  },
  { additionalProperties: false },
);
export type HrRecord = Static<typeof HrRecord>;
