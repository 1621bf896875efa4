import type { Staff } from '#schemas/staff.ts';

/**
 * Attributes of a person that a question may be about; `familyName` and `middleName` are parts of the name, `folded`
 * is the name in its search form (`hub/platform/vietnamese/fold.ts`).
 */
export const staffFields = [
  'id',
  'username',
  'name',
  'folded',
  'familyName',
  'middleName',
  'givenName',
  'title',
  'email',
  'phone',
  'code',
  'unitId',
  'status',
  'rank',
  'grade',
  'coefficient',
  'coefficientFrom',
  'createdAt',
  'updatedAt',
] as const;
export type StaffField = (typeof staffFields)[number];

/** Attributes of one post, and of one award. */
export type PostField = 'unitId' | 'title' | 'main' | 'from';
export type AwardField = 'title' | 'date' | 'year' | 'number';

export type Comparison = 'eq' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/**
 * One comparison. Texts are compared without regard to case unless `exact`, and ordered as in Vietnamese. An
 * attribute that a person lacks compares with nothing.
 */
export interface Test<Field extends string> {
  field: Field;
  op: Comparison;
  value: string | number | boolean;
  exact?: boolean;
}

/** What must hold of one thing; `any` of nothing never holds, `all` of nothing always. */
export type Condition<Field extends string> =
  | { all: Condition<Field>[] }
  | { any: Condition<Field>[] }
  | { not: Condition<Field> }
  | { test: Test<Field> }
  | { present: Field }
  | { field: Field; in: string[] };

/** What must hold of a person; `post` and `award`: of one of them that is in force. */
export type StaffCondition =
  | { all: StaffCondition[] }
  | { any: StaffCondition[] }
  | { not: StaffCondition }
  | { test: Test<StaffField> }
  | { present: StaffField }
  | { field: StaffField; in: string[] }
  | { post: Condition<PostField> }
  | { award: Condition<AwardField> };

export const staffOrders = [
  'joined',
  'id',
  'username',
  'name',
  'familyName',
  'givenName',
  'updatedAt',
] as const;
/** `joined`: as people came into the register, so that numbered pages stay right while others change. */
export type StaffOrder = (typeof staffOrders)[number];

/** A person with the two times that the register keeps of them, ISO 8601 with microseconds. */
export interface FoundStaff {
  staff: Staff;
  createdAt: string;
  updatedAt: string;
}

/** A page of people; `next` is the place after the last one, in the words of the order. */
export interface StaffPage {
  items: FoundStaff[];
  total?: number;
  next?: string[];
}
