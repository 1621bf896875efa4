import { type Static, Type } from 'typebox';
import { Day, Decision, HrRecord, SalaryStep } from '#schemas/hr-record.ts';

const Uuid = Type.String({ format: 'uuid' });

/** Who may change an attribute, and how much its release harms (Decree 13/2023/NĐ-CP; design: the register). */
export const staffAttributes = {
  code: { owner: 'hr', sensitivity: 'basic' },
  name: { owner: 'hr', sensitivity: 'basic' },
  username: { owner: 'sso', sensitivity: 'basic' },
  email: { owner: 'mail', sensitivity: 'basic' },
  title: { owner: 'hr', sensitivity: 'basic' },
  unitId: { owner: 'hr', sensitivity: 'basic' },
  status: { owner: 'hr', sensitivity: 'basic' },
  gender: { owner: 'hr', sensitivity: 'personal' },
  birthDate: { owner: 'hr', sensitivity: 'personal' },
  birthYear: { owner: 'hr', sensitivity: 'personal' },
  phone: { owner: 'hr', sensitivity: 'personal' },
  citizenNumber: { owner: 'hr', sensitivity: 'sensitive' },
  disciplines: { owner: 'hr', sensitivity: 'sensitive' },
  awards: { owner: 'hr', sensitivity: 'personal' },
  /** When and from where they sign in: told by events alone (attendance). */
  sessions: { owner: 'sso', sensitivity: 'personal' },
  rank: { owner: 'hr', sensitivity: 'salary' },
  grade: { owner: 'hr', sensitivity: 'salary' },
  coefficient: { owner: 'hr', sensitivity: 'salary' },
  coefficientFrom: { owner: 'hr', sensitivity: 'salary' },
} as const;

export const StaffPosition = Type.Object({
  unitId: Uuid,
  unitCode: Type.String(),
  unitName: Type.String(),
  title: Type.String(),
  main: Type.Boolean(),
  from: Type.Optional(Day),
});
export type StaffPosition = Static<typeof StaffPosition>;

/** A person of the register as known now. The citizen number never leaves the register. */
export const Staff = Type.Object({
  id: Uuid,
  version: Type.Integer(),
  status: Type.String({ enum: ['active', 'suspended', 'left'] }),
  statusFrom: Type.Optional(Day),
  code: Type.String(),
  name: Type.String(),
  username: Type.String(),
  email: Type.Optional(Type.String()),
  phone: Type.Optional(Type.String()),
  gender: Type.Optional(Type.String()),
  birthDate: Type.Optional(Day),
  birthYear: Type.Optional(Type.Integer()),
  unitId: Type.Optional(Uuid),
  unitCode: Type.Optional(Type.String()),
  unitName: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  positions: Type.Array(StaffPosition),
  rank: Type.Optional(Type.String()),
  grade: Type.Optional(Type.Integer()),
  coefficient: Type.Optional(Type.Integer()),
  coefficientFrom: Type.Optional(Day),
  awards: Type.Array(Decision),
  disciplines: Type.Array(Decision),
  salarySteps: Type.Optional(Type.Array(SalaryStep)),
});
export type Staff = Static<typeof Staff>;

/** A person as far as a sign-in needs them. Unit and title are those of the main post. */
export type StaffAccount = Pick<
  Staff,
  'id' | 'status' | 'code' | 'name' | 'username' | 'email' | 'title' | 'unitId' | 'unitCode' | 'unitName'
> & {
  /** Ids of all units that the person has a post in. */
  units: string[];
};

/** One version of a person, for the history. */
export interface StaffVersion {
  version: number;
  at: string;
  actor: string;
  source: string;
  origin?: string;
  changed: string[];
  snapshot: Record<string, unknown>;
}

/** A record whose units are resolved, ready to be applied to one person (`staffId`) or to a new one. */
export const StaffChange = Type.Object({
  /** The message or row that this comes from; applied at most once. */
  origin: Type.String({ maxLength: 200 }),
  staffId: Type.Optional(Uuid),
  record: HrRecord,
  /** The unit ids of `record.positions`, in the same order. */
  unitIds: Type.Optional(Type.Array(Uuid)),
  /** The unit id of `record.mainPosition`. */
  mainUnitId: Type.Optional(Uuid),
  /** Refused with `conflict` unless the person is at this version now. */
  ifVersion: Type.Optional(Type.Integer()),
  /** What the owner of one attribute sets, over what is known; null empties it. */
  own: Type.Optional(
    Type.Object(
      {
        email: Type.Optional(Type.Union([Type.String({ maxLength: 254 }), Type.Null()])),
        phone: Type.Optional(Type.Null()),
        username: Type.Optional(Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' })),
      },
      { additionalProperties: false },
    ),
  ),
});
export type StaffChange = Static<typeof StaffChange>;

/** What became of one change. `refused` wrote nothing. */
export interface StaffOutcome {
  origin: string;
  outcome: 'created' | 'changed' | 'unchanged' | 'refused';
  staffId?: string;
  /** Attributes that changed. */
  changed?: string[];
  /** An error code of `messages/errors.*.json`, with its parameters. */
  error?: { code: string; params: Record<string, string | number> };
}

/** A person who may be the one a record speaks of. */
export interface StaffCandidate {
  staffId: string;
  code: string;
  name: string;
  folded: string;
  birthDate?: string;
  birthYear?: number;
  unitId?: string;
  unitName?: string;
  status: string;
  matchedBy: ('citizenNumber' | 'code' | 'nameAndBirth')[];
  /** The person has a citizen number on file (which one is not told). */
  hasCitizenNumber: boolean;
}
