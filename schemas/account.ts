import { type Static, Type } from 'typebox';

/**
 * The account that a person should have in an app, in the hub's own words. A connector's `mapping.ts`
 * turns it into the vendor's shape and back. Of an attribute that is
 * - absent (the app is not entitled to it, or nobody knows it) the app keeps what it has;
 * - empty (`''`, a number `null`, `awards` `[]`) the app's value is emptied: the person had it and has it no more.
 */
export const DesiredAccount = Type.Object(
  {
    staffId: Type.String({ format: 'uuid' }),
    /** Where the account already lives in the app; absent when it must be created. */
    externalId: Type.Optional(Type.String()),
    enabled: Type.Boolean(),
    /** Staff code, the key that every app shares. */
    code: Type.String(),
    username: Type.String(),
    name: Type.String(),
    email: Type.Optional(Type.String()),
    phone: Type.Optional(Type.String()),
    gender: Type.Optional(Type.String()),
    birthDate: Type.Optional(Type.String()),
    unitCode: Type.Optional(Type.String()),
    unitName: Type.Optional(Type.String()),
    title: Type.Optional(Type.String()),
    rank: Type.Optional(Type.String()),
    grade: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
    /** Hundredths. */
    coefficient: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
    coefficientFrom: Type.Optional(Type.String()),
    /** Titles of awards, newest first. */
    awards: Type.Optional(Type.Array(Type.String())),
    /** Values of the IT centre's own mapping expressions, by vendor field name. */
    extra: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  { additionalProperties: false },
);
export type DesiredAccount = Static<typeof DesiredAccount>;

/** The attributes of an account that are compared and can be entitled one by one. */
export const accountAttributes = [
  'code',
  'username',
  'name',
  'email',
  'phone',
  'gender',
  'birthDate',
  'unitCode',
  'unitName',
  'title',
  'rank',
  'grade',
  'coefficient',
  'coefficientFrom',
  'awards',
] as const;
export type AccountAttribute = (typeof accountAttributes)[number];

/** Attributes that tell accounts apart: an account always has them, they are never emptied. */
export const keyAttributes: readonly AccountAttribute[] = ['code', 'username', 'name'];

/** Attributes that are whole numbers. */
export const numericAttributes: readonly AccountAttribute[] = ['grade', 'coefficient'];

/** What is handed to an app to empty an attribute. */
export const emptyValue = (attribute: string): '' | null | [] => {
  if (attribute === 'awards') return [];
  return (numericAttributes as readonly string[]).includes(attribute) ? null : '';
};

/** An account as an app tells it. `values` holds only what the app keeps, in the hub's words; nothing empty. */
export const AppAccount = Type.Object({
  externalId: Type.String(),
  enabled: Type.Boolean(),
  values: Type.Omit(Type.Partial(DesiredAccount), ['staffId', 'externalId', 'enabled']),
});
export type AppAccount = Static<typeof AppAccount>;
