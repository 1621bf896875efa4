import type { Decision, HrPosition, HrRecord } from '#schemas/hr-record.ts';
import { awardsOf } from './awards.ts';
import { makeName } from './names.ts';
import { leaderTitles, type Staffing, staffing } from './posts.ts';
import { createRandom, type Random } from './random.ts';
import { firstDay, mayHold, salaryStep } from './salaries.ts';
import type { ProvinceUnit } from './units.ts';
import { assignUsernames } from './usernames.ts';

/** One person of the sandbox province: what HR says, and what the apps derive from it. */
export type ProvinceStaff = {
  record: HrRecord & {
    code: string;
    citizenNumber: string;
    gender: 'male' | 'female';
    positions: HrPosition[];
  };
  /** Name of the unit of the main position. */
  unitName: string;
  /** Leads that unit. Every staffed unit has exactly one such person. */
  head: boolean;
  username: string;
  /** In a domain that can never exist. */
  email: string;
};

export type ProvincePlan = {
  seed: number;
  /** 1 to 1,000,000. */
  count: number;
  units: readonly ProvinceUnit[];
};

/** The month of the records, August 2018, counted since year 0. */
const asOf = 2018 * 12 + 7;
const codeSpace = 20_000_000;
/** Primes, so that multiples modulo the space visit it without repetition. */
const codeStride = 7_368_787;
const serialStride = 611_953;

/**
 * Invents the province's staff: the same people for the same plan. Codes, citizen numbers and user names are
 * unique; half of the codes begin with a zero. With fewer people than the units usually have (about 30,000), only every
 * n-th unit of each kind is staffed, with its usual number. Telephone numbers carry the area code that Huế gave up in
 * 2017, so nobody can be called. Throws RangeError for an impossible count.
 */
export function generateStaff({ seed, count, units }: ProvincePlan): ProvinceStaff[] {
  if (!(Number.isInteger(count) && count >= 1 && count <= 1_000_000))
    throw new RangeError('count: 1 to 1,000,000');
  const random = createRandom(seed);
  const offset = { code: random.below(codeSpace), serial: random.below(1_000_000) };
  const staff: ProvinceStaff[] = [];
  const siblings = groupByParent(units);
  for (const { unit, size } of sizes(units, count)) {
    const titles = leaderTitles(unit);
    const plan = staffing[unit.kind];
    for (let place = 0; place < size; place += 1) {
      const index = staff.length;
      const post = choosePost(random, plan, titles, place, size);
      const person = makePerson(random, plan, unit, post);
      const code = String((offset.code + index * codeStride) % codeSpace).padStart(8, '0');
      const serial = String((offset.serial + index * serialStride) % 1_000_000).padStart(6, '0');
      person.record.code = code;
      person.record.sourceKey = `NS${String(index + 1).padStart(6, '0')}`;
      person.record.citizenNumber += serial;
      if (!post.leader && random.chance(0.04))
        addSecondPosition(random, person, siblings.get(unit.parentCode) ?? []);
      staff.push(person);
    }
  }
  const names = assignUsernames(staff.map(({ record }) => ({ code: record.code, name: record.name })));
  for (const [index, person] of staff.entries()) {
    person.username = names[index]!;
    person.email = `${names[index]}@lienthong.example`;
  }
  return staff;
}

type Post = { title: string; rank: readonly string[]; head: boolean; leader: boolean };

function choosePost(
  random: Random,
  plan: Staffing,
  titles: { head: string; deputy: string },
  place: number,
  size: number,
): Post {
  if (place === 0) return { title: titles.head, rank: plan.leaderRanks, head: true, leader: true };
  if (place <= plan.deputies && (size > plan.deputies || place < size)) {
    return { title: titles.deputy, rank: plan.leaderRanks, head: false, leader: true };
  }
  const member = random.pick(plan.members);
  return { title: member.title, rank: member.ranks, head: false, leader: false };
}

function makePerson(random: Random, plan: Staffing, unit: ProvinceUnit, post: Post): ProvinceStaff {
  const gender = random.chance(post.leader ? plan.femaleShare * 0.75 : plan.femaleShare) ? 'female' : 'male';
  const youngest = post.leader ? 36 : 23;
  const oldest = gender === 'male' ? 59 : 54;
  const age = youngest + random.below(oldest - youngest + 1);
  const birthMonth = asOf - 12 * age - 1 - random.below(12);
  const birthYear = Math.floor(birthMonth / 12);
  const birthDay = String(1 + random.below(28)).padStart(2, '0');
  const service = asOf - birthMonth - 12 * 22 - random.below(12);
  const possible = post.rank.filter(rank => mayHold(rank, service / 12));
  const rank = random.pick(possible.length > 0 ? possible : post.rank.slice(0, 1));
  const century = (birthYear >= 2000 ? 2 : 0) + (gender === 'female' ? 1 : 0);
  const since = firstDay(asOf - random.below(Math.max(1, Math.min(service, post.leader ? 96 : 180))));
  const awards: Decision[] = awardsOf(random, post.leader);
  return {
    record: {
      sourceKey: '',
      code: '',
      citizenNumber: `046${century}${String(birthYear % 100).padStart(2, '0')}`,
      name: makeName(random, gender),
      birthDate: firstDay(birthMonth).slice(0, 8) + birthDay,
      gender,
      phone: `+8454${String(random.below(10_000_000)).padStart(7, '0')}`,
      status: 'active',
      positions: [{ unit: unit.code, title: post.title, main: true, from: since }],
      salary: salaryStep(random, rank, service, asOf),
      ...(awards.length > 0 ? { awards } : {}),
    },
    unitName: unit.name,
    head: post.head,
    username: '',
    email: '',
  };
}

function addSecondPosition(random: Random, person: ProvinceStaff, candidates: readonly ProvinceUnit[]): void {
  const { positions } = person.record;
  const main = positions[0]!;
  const other = random.pick(candidates);
  if (other === undefined || other.code === main.unit) return;
  positions.push({ unit: other.code, title: `${main.title} (kiêm nhiệm)`, main: false, from: main.from });
}

/** How many people each unit gets, `count` in all. */
function sizes(units: readonly ProvinceUnit[], count: number): { unit: ProvinceUnit; size: number }[] {
  const usual = (list: readonly ProvinceUnit[]) =>
    list.reduce((sum, { kind }) => sum + staffing[kind].size, 0);
  const every = Math.max(1, Math.floor(usual(units) / count));
  const seen = new Map<string, number>();
  const staffed = units.filter(({ kind }) => {
    const position = seen.get(kind) ?? 0;
    seen.set(kind, position + 1);
    return position % every === 0;
  });
  // Rounding the running total, not each share, makes the sum come out exactly.
  const scale = count / usual(staffed);
  let natural = 0;
  let given = 0;
  return staffed.map(unit => {
    natural += staffing[unit.kind].size;
    const size = Math.round(natural * scale) - given;
    given += size;
    return { unit, size };
  });
}

function groupByParent(units: readonly ProvinceUnit[]): Map<string | null, ProvinceUnit[]> {
  return Map.groupBy(units, ({ parentCode }) => parentCode);
}
