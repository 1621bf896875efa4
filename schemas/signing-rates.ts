import { type Static, Type } from 'typebox';
import { unitLevels } from '#schemas/unit.ts';

const Uuid = Type.String({ format: 'uuid' });
const Count = Type.Integer({ minimum: 0 });

/** A document that was issued (văn bản đi đã phát hành), as its app reports it. */
export const IssuedDocument = Type.Object(
  {
    documentId: Type.String({ minLength: 1, maxLength: 200, description: "The document's id in the app" }),
    unit: Type.String({
      minLength: 1,
      maxLength: 100,
      description: "Who issued it: the unit's id, or one of its codes (`code`, `code2016`, `code2020`)",
    }),
    issuedOn: Type.String({ format: 'date', description: 'Ngày ban hành' }),
    signed: Type.Boolean({ description: 'Whether it carries a digital signature' }),
  },
  { additionalProperties: false },
);
export type IssuedDocument = Static<typeof IssuedDocument>;

/** How many were issued, how many of them are signed. */
export const SignedShare = Type.Object({
  issued: Count,
  signed: Count,
  percent: Type.Union([Type.String({ pattern: '^\\d{1,3}\\.\\d{2}$' }), Type.Null()], {
    description: 'Signed of issued in per cent, two decimals, half up; null when nothing was issued',
    examples: ['97.10'],
  }),
});
export type SignedShare = Static<typeof SignedShare>;

export const UnitRates = Type.Object({
  unitId: Uuid,
  code: Type.String(),
  name: Type.String(),
  level: Type.String({ enum: [...unitLevels] }),
  period: SignedShare,
  sinceBeginning: SignedShare,
});
export type UnitRates = Static<typeof UnitRates>;

const Series = Type.Array(Type.Union([Type.Number(), Type.Null()]), { description: 'Per cent, by label' });

/** Rates of signing: a period, both days included, and all that was issued up to its end. */
export const SigningRates = Type.Object({
  from: Type.String({ format: 'date' }),
  until: Type.String({ format: 'date' }),
  items: Type.Array(UnitRates, {
    description: 'Units that issued something; in the order of levels and codes',
  }),
  total: Type.Object({ period: SignedShare, sinceBeginning: SignedShare }),
  /** Ready to be drawn: bars by unit, and a line by month of the period. */
  chart: Type.Object({
    units: Type.Object({ labels: Type.Array(Type.String()), period: Series, sinceBeginning: Series }),
    months: Type.Object({ labels: Type.Array(Type.String(), { examples: [['2018-07']] }), period: Series }),
  }),
});
export type SigningRates = Static<typeof SigningRates>;
