import assert from 'node:assert/strict';
import { accountValues } from '#sandbox/province/account-values.ts';
import { type PlantedDrift, plantDrift } from '#sandbox/province/drift.ts';
import { generateStaff } from '#sandbox/province/generate-staff.ts';
import { readUnits } from '#sandbox/province/units.ts';
import { type AccountAttribute, accountAttributes } from '#schemas/account.ts';

const staff = generateStaff({ seed: 7, count: 10_000, units: readUnits() });
const plan = { seed: 7, app: 'mail', staff };

/** What a reconciliation would find, by code and without knowing what was planted. */
function find(accounts: ReturnType<typeof plantDrift>['accounts'], attributes: readonly AccountAttribute[]) {
  const people = new Map(staff.map(person => [person.record.code, person]));
  const owners = new Map(staff.map(person => [person.username, person.record.code]));
  const found: PlantedDrift[] = [];
  const seen = new Set<string>();
  for (const { externalId, values } of accounts) {
    const owner = owners.get(values.username!);
    const person = people.get(values.code ?? '');
    if (owner === undefined || person === undefined) {
      found.push({ kind: 'orphan', externalId });
      continue;
    }
    seen.add(owner);
    if (owner !== values.code) {
      found.push({ kind: 'disputed', externalId, code: person.record.code, owner });
      continue;
    }
    const expected = accountValues(person, attributes);
    const changes = attributes
      .map(attribute => ({ attribute, expected: expected[attribute], actual: values[attribute] }))
      .filter(each => JSON.stringify(each.expected) !== JSON.stringify(each.actual));
    if (changes.length > 0) found.push({ kind: 'different', externalId, code: person.record.code, changes });
  }
  for (const code of people.keys()) if (!seen.has(code)) found.push({ kind: 'missing', code });
  return found;
}

const sorted = (list: PlantedDrift[]) =>
  list.map(drift => JSON.stringify(Object.entries(drift).sort())).sort();

describe('the drift planted in the apps', () => {
  it('is the same for the same seed and app, and another for another app', () => {
    assert.deepEqual(plantDrift(plan), plantDrift(plan));
    assert.notDeepEqual(plantDrift(plan).planted, plantDrift({ ...plan, app: 'document-system' }).planted);
  });

  it('is one per cent over all kinds', () => {
    const { accounts, planted } = plantDrift(plan);
    const count = (kind: string) => planted.filter(drift => drift.kind === kind).length;
    assert.deepEqual(['orphan', 'missing', 'different', 'disputed'].map(count), [25, 25, 40, 10]);
    assert.equal(accounts.length, staff.length - 25 + 25);
    assert.equal(new Set(accounts.map(({ externalId }) => externalId)).size, accounts.length);
  });

  it('is exactly what a comparison with the register finds, whatever attributes the app keeps', () => {
    const basic = ['code', 'username', 'name', 'email', 'phone', 'unitCode', 'unitName', 'title'] as const;
    for (const attributes of [basic, accountAttributes, ['code', 'username', 'name'] as const]) {
      const { accounts, planted } = plantDrift({ ...plan, attributes, share: 0.05 });
      assert.deepEqual(sorted(find(accounts, attributes)), sorted(planted));
    }
  });

  it('can be absent, and refuses shares and attributes it cannot plant', () => {
    assert.deepEqual(plantDrift({ ...plan, share: 0 }).planted, []);
    assert.throws(() => plantDrift({ ...plan, share: 0.9 }), RangeError);
    assert.throws(() => plantDrift({ ...plan, attributes: ['code', 'username'] }), RangeError);
  });
});
