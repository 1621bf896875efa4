import type { AccountAttribute, AppAccount } from '#schemas/account.ts';
import { accountValues } from './account-values.ts';
import type { ProvinceStaff } from './generate-staff.ts';
import { makeName } from './names.ts';
import { createRandom, hashText, type Random } from './random.ts';

/** One way in which an app differs from the register, as it was planted. */
export type PlantedDrift =
  /** An account of nobody in the register: an unknown code or none, and a user name that nobody has. */
  | { kind: 'orphan'; externalId: string }
  /** A person of the register without an account. */
  | { kind: 'missing'; code: string }
  /** The right person, but other values. */
  | { kind: 'different'; externalId: string; code: string; changes: AttributeChange[] }
  /** The account of `owner` (staff code) carries `code`, which belongs to somebody who has an account already. */
  | { kind: 'disputed'; externalId: string; code: string; owner: string };

export type AttributeChange = { attribute: AccountAttribute; expected: unknown; actual: unknown };

export type DriftPlan = {
  seed: number;
  /** Id of the app; each app drifts in its own way. */
  app: string;
  staff: readonly ProvinceStaff[];
  /** Share of all accounts that is wrong in some way. */
  share?: number;
  /** What the app keeps of a person; `code` and `username` belong to it. */
  attributes?: readonly AccountAttribute[];
};

const basic: readonly AccountAttribute[] = [
  ...(['code', 'username', 'name', 'email', 'phone', 'unitCode', 'unitName', 'title'] as const),
];

/**
 * The accounts an app starts with, and the list of everything that is wrong with them; the same for the same plan.
 * No person takes part in two of the planted faults, so that a reconciliation must find exactly these. Of the faults
 * 40 % are `different`, 25 % `missing`, 25 % `orphan`, 10 % `disputed`. Codes and user names never differ, except as
 * `disputed` says. Throws RangeError when the share leaves too few people untouched, or
 * the attributes hold nothing that can differ.
 */
export function plantDrift({ seed, app, staff, share = 0.01, attributes = basic }: DriftPlan): {
  accounts: AppAccount[];
  planted: PlantedDrift[];
} {
  const random = createRandom((seed ^ hashText(app)) >>> 0);
  const total = Math.round(staff.length * share);
  const disputed = Math.round(total * 0.1);
  const missing = Math.round(total * 0.25);
  const orphans = Math.round(total * 0.25);
  const different = Math.max(0, total - disputed - missing - orphans);
  if (missing + different + 2 * disputed > staff.length / 2) throw new RangeError('share is too large');

  const chosen = chooser(random, staff.length);
  const absent = new Set(chosen(missing));
  const changed = new Set(chosen(different));
  const wrong = new Map(chosen(disputed).map(index => [index, chosen(1)[0]!]));
  const accounts: AppAccount[] = [];
  const planted: PlantedDrift[] = [];
  const nextId = () => `${app}-${String(accounts.length + 1).padStart(6, '0')}`;

  for (const [index, person] of staff.entries()) {
    const { code } = person.record;
    if (absent.has(index)) {
      planted.push({ kind: 'missing', code });
      continue;
    }
    const externalId = nextId();
    const values = accountValues(person, attributes);
    const stranger = wrong.get(index);
    if (changed.has(index)) {
      planted.push({ kind: 'different', externalId, code, changes: change(random, values, staff) });
    } else if (stranger !== undefined) {
      values.code = staff[stranger]!.record.code;
      planted.push({ kind: 'disputed', externalId, code: values.code, owner: code });
    }
    accounts.push({ externalId, enabled: true, values });
  }
  for (let left = orphans; left > 0; left -= 1) {
    const externalId = nextId();
    planted.push({ kind: 'orphan', externalId });
    accounts.push({ externalId, enabled: true, values: orphanValues(random, left, staff, attributes) });
  }
  return { accounts, planted };
}

/** Draws indexes, never the same twice. */
function chooser(random: Random, size: number): (count: number) => number[] {
  const taken = new Set<number>();
  return count => {
    const drawn: number[] = [];
    while (drawn.length < count) {
      const index = random.below(size);
      if (taken.has(index)) continue;
      taken.add(index);
      drawn.push(index);
    }
    return drawn;
  };
}

/** Attributes that go out of date together: a person who moved has another unit, its name, and often another title. */
const changeable: readonly (readonly AccountAttribute[])[] = [
  ...([['name'], ['phone'], ['title'], ['unitCode', 'unitName'], ['birthDate'], ['rank']] as const),
  ...([['grade', 'coefficient', 'coefficientFrom']] as const),
];

/** Overwrites some values with those of another person, as they would be after a mistake or a missed update. */
function change(
  random: Random,
  values: AppAccount['values'],
  staff: readonly ProvinceStaff[],
): AttributeChange[] {
  const groups = changeable
    .map(group => group.filter(name => name in values))
    .filter(group => group.length > 0);
  for (let attempt = 0; groups.length > 0 && attempt < 1000; attempt += 1) {
    const group = random.pick(groups);
    const other = accountValues(random.pick(staff), group);
    const changes = group
      .map(attribute => ({ attribute, expected: values[attribute], actual: other[attribute] }))
      .filter(({ expected, actual }) => expected !== actual);
    if (changes.length === 0) continue;
    Object.assign(values, other);
    return changes;
  }
  throw new RangeError('attributes: nothing that can differ');
}

function orphanValues(
  random: Random,
  number: number,
  staff: readonly ProvinceStaff[],
  attributes: readonly AccountAttribute[],
): AppAccount['values'] {
  const values = accountValues(random.pick(staff), attributes);
  // A dot never occurs in a user name made by the rule, and no staff code begins with 9.
  const username = `cu.${String(number).padStart(4, '0')}`;
  const known = random.chance(0.5) ? { code: `9${String(number).padStart(7, '0')}` } : {};
  delete values.code;
  const own = { ...known, username, name: makeName(random, 'male'), email: `${username}@lienthong.example` };
  for (const [attribute, value] of Object.entries(own)) {
    if (attributes.includes(attribute as AccountAttribute)) Object.assign(values, { [attribute]: value });
  }
  delete values.phone;
  return values;
}
