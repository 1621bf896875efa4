import type { Call } from '#hub/platform/calls.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import type { FactPath, UserFacts } from '#hub/scim/users/user-facts.ts';
import type { Decision, HrRecord } from '#schemas/hr-record.ts';
import type { Staff, StaffChange } from '#schemas/staff.ts';

/** What facts ask of the register, in its own words. */
export type AskedChange = Pick<StaffChange, 'record' | 'unitIds' | 'mainUnitId' | 'own'>;

interface Position {
  title?: string;
  unitCode?: string;
  primary?: boolean;
  from?: string;
}

const refused = (path: string, why: string): ScimError => new ScimError('value-refused', { path, why });

const dayOf = (path: string, value: unknown): string => {
  const day = String(value);
  const at = new Date(day);
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(day) || Number.isNaN(at.getTime()) || !at.toISOString().startsWith(day))
    throw new ScimError('value-wrong', { path });
  return day;
};

const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

/** The whole name: as it is written, or put together from its parts in Vietnamese order. */
const nameOf = (changed: Set<FactPath>, facts: UserFacts): string | undefined => {
  if (changed.has('name.formatted') && facts['name.formatted'] !== undefined)
    return text(facts['name.formatted']);
  const parts = ['name.familyName', 'name.middleName', 'name.givenName'] as const;
  if (parts.some(part => changed.has(part))) {
    const whole = parts.flatMap(part => facts[part] ?? []).join(' ');
    if (whole !== '') return whole;
  }
  return changed.has('displayName') ? text(facts.displayName) : undefined;
};

const statusOf = (changed: Set<FactPath>, facts: UserFacts, known: Staff | undefined): HrRecord['status'] => {
  if (changed.has('status')) {
    if (!['active', 'suspended', 'left'].includes(String(facts.status)))
      throw new ScimError('value-wrong', { path: 'status' });
    return facts.status as HrRecord['status'];
  }
  // Saying nothing of `active` neither takes back nor lets go.
  if (!changed.has('active') || facts.active === undefined) return undefined;
  if (facts.active === true) return 'active';
  return known === undefined || known.status === 'active' ? 'suspended' : undefined;
};

const salaryOf = (changed: Set<FactPath>, facts: UserFacts): HrRecord['salary'] => {
  const paths = ['rank', 'grade', 'coefficient', 'coefficientFrom'] as const;
  if (!paths.some(path => changed.has(path))) return undefined;
  const missing = paths.find(path => facts[path] === undefined);
  if (missing !== undefined) throw new ScimError('value-missing', { path: missing });
  return {
    rank: String(facts.rank),
    grade: Number(facts.grade),
    coefficient: Math.round(Number(facts.coefficient) * 100),
    from: dayOf('coefficientFrom', facts.coefficientFrom),
  };
};

/** Awards are added, never taken away: what is known must still be there. */
const awardsOf = (facts: UserFacts, known: Staff | undefined): Decision[] => {
  const given = (facts.awards ?? []) as Decision[];
  const isSame = (a: Decision, b: Decision): boolean =>
    a.title === b.title && a.date === b.date && a.year === b.year;
  if (known?.awards.some(award => !given.some(other => isSame(award, other))))
    throw new ScimError('must-stay', { path: 'awards' });
  return given
    .filter(award => !known?.awards.some(other => isSame(award, other)))
    .map(award => ({
      ...award,
      title: award.title ?? '',
      ...(award.date === undefined ? {} : { date: dayOf('awards.date', award.date) }),
    }));
};

const unitIdOf = async (call: Call, path: string, name: string): Promise<string> => {
  const [unit] = await call('units.resolve', { texts: [name] });
  if (unit?.unitId === undefined || unit.match === 'merged')
    throw refused(path, `${name}: ${unit?.match ?? 'unknown'}`);
  return unit.unitId;
};

const postsOf = async (
  call: Call,
  facts: UserFacts,
): Promise<Pick<AskedChange, 'unitIds'> & Pick<HrRecord, 'positions'>> => {
  const given = (facts.positions ?? []) as Position[];
  if (given.filter(({ primary }) => primary).length > 1) throw refused('positions', 'primary');
  const unitIds: string[] = [];
  const positions: NonNullable<HrRecord['positions']> = [];
  for (const { unitCode, title, primary, from } of given) {
    if (unitCode === undefined) throw new ScimError('value-missing', { path: 'positions.unitCode' });
    unitIds.push(await unitIdOf(call, 'positions.unitCode', unitCode));
    positions.push({
      unit: unitCode,
      title: title ?? '',
      main: primary === true || given.length === 1,
      ...(from === undefined ? {} : { from: dayOf('positions.from', from) }),
    });
  }
  return { unitIds, positions };
};

/** The main post after a change of unit or title alone. */
const mainPostOf = async (
  call: Call,
  changed: Set<FactPath>,
  facts: UserFacts,
  known: Staff | undefined,
): Promise<Pick<AskedChange, 'mainUnitId'> & Pick<HrRecord, 'mainPosition'>> => {
  const byCode = changed.has('unitCode') || (known === undefined && facts.unitCode !== undefined);
  const path = byCode ? 'unitCode' : 'department';
  const moved = byCode || changed.has('department');
  const unit = text(facts[path]);
  if (changed.has('title') && facts.title === undefined) throw new ScimError('must-stay', { path: 'title' });
  if (moved && unit === undefined) throw new ScimError('must-stay', { path });
  const mainUnitId = moved ? await unitIdOf(call, path, unit!) : known?.unitId;
  if (mainUnitId === undefined) throw new ScimError('value-missing', { path: 'department' });
  return {
    mainUnitId,
    mainPosition: {
      unit: moved ? unit! : (known?.unitCode ?? ''),
      title: text(facts.title) ?? known?.title ?? '',
    },
  };
};

/** Leaves out what is undefined: to the register that would say nothing, but its schema wants it gone. */
const tidy = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;

/**
 * The change of the register that changed facts ask for. `known` is the person as they are now; undefined for a new
 * one. What is not changed is not mentioned.
 *
 * @throws {ScimError} `invalidValue`, `mutability`
 */
export const toChange = async (
  call: Call,
  paths: FactPath[],
  facts: UserFacts,
  known: Staff | undefined,
): Promise<AskedChange> => {
  const changed = new Set(paths);
  const has = (...some: FactPath[]): boolean => some.some(path => changed.has(path));
  const code = has('staffCode') ? facts.staffCode : has('employeeNumber') ? facts.employeeNumber : undefined;
  if (has('staffCode', 'employeeNumber') && code === undefined)
    throw new ScimError('must-stay', { path: 'employeeNumber' });
  if (
    has('staffCode', 'employeeNumber') &&
    (facts.staffCode ?? code) !== (facts.employeeNumber ?? code) &&
    has('staffCode') &&
    has('employeeNumber')
  )
    throw refused('staffCode', 'employeeNumber');
  const posts = has('positions') ? await postsOf(call, facts) : undefined;
  const main =
    posts === undefined && has('title', 'unitCode', 'department')
      ? await mainPostOf(call, changed, facts, known)
      : undefined;
  const name = nameOf(changed, facts) ?? known?.name;
  if (name === undefined) throw new ScimError('value-missing', { path: 'name' });
  const record = tidy({
    name,
    code: text(code),
    status: statusOf(changed, facts, known),
    phone: has('phoneNumbers') ? text(facts.phoneNumbers) : undefined,
    salary: salaryOf(changed, facts),
    awards: has('awards') ? awardsOf(facts, known) : undefined,
    positions: posts?.positions,
    mainPosition: main?.mainPosition,
  }) as HrRecord;
  if (record.status !== undefined && record.status !== known?.status) record.statusFrom = today();
  const username = has('userName') ? text(facts.userName)?.toLowerCase() : undefined;
  if (username !== undefined && !/^[a-z0-9][a-z0-9._-]{0,63}$/.test(username))
    throw new ScimError('value-wrong', { path: 'userName' });
  const own = tidy({
    email: has('emails') ? (text(facts.emails) ?? null) : undefined,
    phone: has('phoneNumbers') && facts.phoneNumbers === undefined ? null : undefined,
    username,
  });
  return {
    record,
    ...(posts === undefined ? {} : { unitIds: posts.unitIds! }),
    ...(main === undefined ? {} : { mainUnitId: main.mainUnitId! }),
    ...(Object.keys(own).length === 0 ? {} : { own }),
  };
};
