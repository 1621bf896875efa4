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
const batch = 500;

const inBatches = async <T>(
  items: T[],
  work: (part: T[]) => Promise<unknown>,
  size = batch,
): Promise<void> => {
  for (let at = 0; at < items.length; at += size) await work(items.slice(at, at + size));
};

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
  await call('units.load', { units, ...by }, { timeoutMs: 120_000 });
  return new Map((await call('units.list', {})).map(unit => [unit.code, unit.id]));
};

/**
 * The first load of the sandbox: units, people and the links to the accounts that the apps already have, as
 * if the hub had been there all along. What the apps hold that differs is for reconciliation to find.
 * Repeatable: what an interrupted load wrote is recognised by its origin.
 */
export const loadRegister = async (call: Call, count: number): Promise<void> => {
  const unitIds = await loadUnits(call);
  const people = makeProvince(count);
  const idOf = new Map<string, string>();
  await inBatches(people, async part => {
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
      { timeoutMs: 120_000 },
    );
    outcomes.forEach((outcome, at) => {
      if (outcome.staffId === undefined) throw new Error(`first load: ${outcome.error?.code}`);
      idOf.set(part[at]!.record.code, outcome.staffId);
    });
  });
  for (const app of Object.keys(attributesOf)) {
    const { accounts, planted } = startingAccounts(app, people);
    // The hub linked each account to its owner; the wrong code on it came later.
    const owners = new Map(
      planted.flatMap(drift => (drift.kind === 'disputed' ? [[drift.externalId, drift.owner]] : [])),
    );
    const links = accounts.flatMap(({ externalId, code, enabled }) => {
      const staffId = idOf.get(owners.get(externalId) ?? code ?? '');
      return staffId === undefined ? [] : [{ staffId, externalId, enabled }];
    });
    await inBatches(
      links,
      part => call('provisioning.adopt', { app, accounts: part }, { timeoutMs: 120_000 }),
      2000,
    );
  }
  // The HR software numbers its files in the order of arrival.
  const hrLinks = people.map(({ record }, at) => ({
    staffId: idOf.get(record.code)!,
    externalId: `NS${String(at + 1).padStart(6, '0')}`,
    enabled: true,
  }));
  await inBatches(
    hrLinks,
    part => call('provisioning.adopt', { app: 'hr', accounts: part }, { timeoutMs: 120_000 }),
    2000,
  );
  await call('provisioning.start-from-now', {});
  await call('intake.set-hr-cursor', { source: 'hr', cursor: String(people.length) });
};
