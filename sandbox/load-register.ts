import type { ProvinceStaff } from '#sandbox/province/generate-staff.ts';
import { attributesOf, makeProvince, startingAccounts } from '#sandbox/province/make-province.ts';
import { readUnits } from '#sandbox/province/units.ts';
import type { Call } from '#schemas/calls.ts';
import type { UnitEntry } from '#schemas/unit.ts';

const levels: Record<string, UnitEntry['level']> = {
  tinh: 'province',
  so: 'agency',
  huyen: 'district',
  xa: 'commune',
  phong: 'department',
  'don-vi': 'facility',
};
const by = { source: 'sandbox', actor: 'sandbox' };
const batch = 1000;
const timeoutMs = 120_000;

const loadUnits = async (call: Call): Promise<Map<string, string>> => {
  const units = readUnits().map(unit => ({
    code: unit.code,
    name: unit.name,
    level: levels[unit.level]!,
    ...(unit.parentCode === null ? {} : { parentCode: unit.parentCode }),
    ...(unit.code2016 === undefined ? {} : { code2016: unit.code2016 }),
    ...(unit.code2020 === undefined ? {} : { code2020: unit.code2020 }),
    ...(unit.level === 'so' ? { codesSynthetic: true } : {}),
  }));
  await call('units.load', { units, ...by }, { timeoutMs });
  return new Map((await call('units.list', {})).map(unit => [unit.code, unit.id]));
};

interface Link {
  app: string;
  staffId: string;
  externalId: string;
  enabled: boolean;
}
/** An account that an app has, by the staff code of its owner. */
type OwnedAccounts = Map<string, Omit<Link, 'staffId'>[]>;

/** The accounts of all apps by their owners, as the hub had linked them before anything went wrong. */
const accountsByOwner = (people: ProvinceStaff[]): OwnedAccounts => {
  const owned: OwnedAccounts = new Map(people.map(({ record }) => [record.code, []]));
  for (const app of Object.keys(attributesOf)) {
    const { accounts, planted } = startingAccounts(app, people);
    const owners = new Map(
      planted.flatMap(drift => (drift.kind === 'disputed' ? [[drift.externalId, drift.owner]] : [])),
    );
    for (const { externalId, code, enabled } of accounts)
      owned.get(owners.get(externalId) ?? code)?.push({ app, externalId, enabled });
  }
  // The HR software numbers its files in the order of arrival.
  for (const [at, { record }] of people.entries())
    owned
      .get(record.code)!
      .push({ app: 'hr', externalId: `NS${String(at + 1).padStart(6, '0')}`, enabled: true });
  return owned;
};

/**
 * The first load of the sandbox: units, people and the links to the accounts that the apps already have, as
 * if the hub had been there all along. What the apps hold that differs is for reconciliation to find.
 * Repeatable: what an interrupted load wrote is recognised by its origin.
 */
export const loadRegister = async (call: Call, count: number): Promise<void> => {
  const unitIds = await loadUnits(call);
  const people = makeProvince(count);
  const owned = accountsByOwner(people);
  let adopting: Promise<unknown> = Promise.resolve();
  for (let at = 0; at < people.length; at += batch) {
    const part = people.slice(at, at + batch);
    const outcomes = await call(
      'staff.apply',
      {
        changes: part.map(({ record, email }) => ({
          origin: `sandbox/${record.code}`,
          record: { ...record, email },
          unitIds: record.positions.map(position => unitIds.get(position.unit)!),
        })),
        ...by,
      },
      { timeoutMs },
    );
    const links = outcomes.flatMap((outcome, nr): Link[] => {
      const { staffId } = outcome;
      if (staffId === undefined) throw new Error(`first load: ${outcome.error?.code}`);
      return owned.get(part[nr]!.record.code)!.map(account => ({ ...account, staffId }));
    });
    // The links of one batch are written while the people of the next are.
    await adopting;
    adopting = call('provisioning.adopt', { links }, { timeoutMs });
    adopting.catch(() => {});
  }
  await adopting;
  await call('provisioning.start-from-now', {});
  await call('intake.set-hr-cursor', { source: 'hr', cursor: String(people.length) });
};
