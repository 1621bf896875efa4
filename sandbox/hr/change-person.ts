import type { HrDecision, HrPerson } from './hr-person.ts';

/** What `POST /_actions` may say beside `action` and `code`; what is absent is chosen. */
export interface ActionDetail {
  unitCode?: string;
  title?: string;
  number?: string;
  /** ISO day since when; today by default. */
  from?: string;
  /** For `correct`. */
  person?: Partial<HrPerson>;
}

const ladder = ['Nhân viên', 'Chuyên viên', 'Chuyên viên chính', 'Phó Trưởng phòng', 'Trưởng phòng'];
const next = (title: string): string => ladder[ladder.indexOf(title) + 1] ?? 'Phó Giám đốc';

const decision = ({ title, number }: ActionDetail, fallback: string, date: string): HrDecision => ({
  title: title ?? fallback,
  date,
  ...(number === undefined ? {} : { number }),
});

type Change = (person: HrPerson, detail: ActionDetail, day: string) => HrPerson;

/** What each action makes of a person. */
const changes = {
  move: (person, { unitCode, title }) => ({
    ...person,
    unitCode: unitCode ?? person.unitCode,
    title: title ?? person.title,
  }),
  promote: (person, { title }) => ({ ...person, title: title ?? next(person.title) }),
  /** One step up: 0.33, as between the grades of a specialist (Decree 204/2004/NĐ-CP). */
  raise: (person, _detail, day) => ({
    ...person,
    grade: Math.min(16, person.grade + 1),
    coefficient: Math.min(1000, person.coefficient + 33),
    coefficientFrom: day,
  }),
  award: (person, detail, day) => ({
    ...person,
    awards: [decision(detail, 'Lao động tiên tiến', day), ...person.awards],
  }),
  discipline: (person, detail, day) => ({
    ...person,
    disciplines: [decision(detail, 'Khiển trách', day), ...person.disciplines],
  }),
  suspend: (person, _detail, day) => ({ ...person, status: 'suspended', statusFrom: day }),
  return: (person, _detail, day) => ({ ...person, status: 'active', statusFrom: day }),
  leave: (person, _detail, day) => ({ ...person, status: 'left', statusFrom: day }),
  correct: (person, detail) => ({ ...person, ...detail.person }),
} satisfies Record<string, Change>;
export type ChangeKind = keyof typeof changes;

export const isChangeKind = (kind: unknown): kind is ChangeKind =>
  typeof kind === 'string' && Object.hasOwn(changes, kind);

/** Whom an action without a code may choose. */
export const mayBeChosen = (kind: ChangeKind, person: HrPerson): boolean =>
  kind === 'return' ? person.status === 'suspended' : person.status === 'active';

export const changePerson = (
  kind: ChangeKind,
  person: HrPerson,
  detail: ActionDetail,
  today: string,
): HrPerson => changes[kind](person, detail, detail.from ?? today);
