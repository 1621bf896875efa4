import assert from 'node:assert/strict';
import { differences } from '#hub/provisioning/compare-accounts.ts';
import { type AppRules, desiredAccount, mappingInput } from '#hub/provisioning/desired-account.ts';
import { planAccount } from '#hub/provisioning/plan-account.ts';
import { nextDelay, retryDelays } from '#hub/provisioning/retry-schedule.ts';
import type { Staff } from '#schemas/staff.ts';

const staff = (change: Partial<Staff> = {}): Staff => ({
  id: '00000000-0000-4000-8000-000000000001',
  version: 1,
  status: 'active',
  code: '000123',
  name: 'Nguyễn Văn An',
  username: 'annv',
  phone: '0912345678',
  unitId: 'u-commune',
  unitCode: '474',
  unitName: 'Phường Thuận Hóa',
  positions: [{ unitId: 'u-commune', unitCode: '474', unitName: 'Phường Thuận Hóa', title: 'x', main: true }],
  awards: [
    { title: 'older', year: 2019 },
    { title: 'newer', date: '2024-05-01' },
  ],
  disciplines: [],
  grade: 3,
  ...change,
});

const rules = (change: { attributes?: string[]; unitIds?: string[]; holds?: string[] } = {}): AppRules => ({
  app: {
    id: 'portal',
    mapping: {},
    entitlement: {
      purpose: 'test',
      attributes: change.attributes ?? ['unitId', 'awards'],
      ...(change.unitIds === undefined ? {} : { unitIds: change.unitIds }),
    },
  },
  holds: new Set(change.holds ?? ['code', 'username', 'name', 'phone', 'unitName', 'awards', 'grade']),
  createsAccounts: true,
});
const parents = new Map([['u-commune', 'u-province']]);
const desired = (person = staff(), app = rules(), mapped = {}) =>
  desiredAccount(person, app, mapped, parents);

describe('What an app should hold of a person', () => {
  it('is what it is entitled to and can hold, and nothing else', () => {
    assert.deepEqual(desired().values, {
      code: '000123',
      username: 'annv',
      name: 'Nguyễn Văn An',
      unitName: 'Phường Thuận Hóa',
      awards: ['newer', 'older'],
    });
  });

  it('is changed by the mapping; names that are no attribute go to the vendor’s own fields', () => {
    const { values } = desired(staff(), rules(), { name: 'AN', grade: '4', Chuc_vu: 'CV', email: 'x@y' });
    assert.equal(values.name, 'AN');
    assert.equal(values.grade, 4);
    assert.deepEqual(values.extra, { Chuc_vu: 'CV' });
    assert.equal(values.email, undefined, 'an attribute that the app cannot hold');
  });

  it('never hands a mapping what the app is not entitled to', () => {
    assert.equal(mappingInput(staff(), rules()).phone, undefined);
    assert.equal(mappingInput(staff(), rules({ attributes: ['phone'] })).phone, '0912345678');
  });

  it('is an open account only for active people within the entitled units', () => {
    assert.equal(desired().wanted, true);
    assert.equal(desired(staff({ status: 'suspended' })).wanted, false);
    assert.equal(desired(staff({ status: 'left' })).gone, true);
    assert.equal(desired(staff(), rules({ unitIds: ['u-province'] })).wanted, true);
    assert.equal(desired(staff(), rules({ unitIds: ['u-other'] })).gone, true);
  });
});

describe('The plan for one account', () => {
  const id = staff().id;
  const given = desired().values;

  it('creates, updates what differs, and leaves alone what is equal', () => {
    assert.equal(planAccount(id, desired(), undefined).kind, 'create');
    assert.equal(planAccount(id, desired(), { externalId: 'e', enabled: true, given }).kind, 'nothing');
    const old = { ...given, unitName: 'Phường cũ' };
    assert.equal(planAccount(id, desired(), { externalId: 'e', enabled: true, given: old }).kind, 'update');
  });

  const planFor = (
    old: object,
    app = rules({ attributes: ['unitId', 'awards', 'phone'] }),
    person = staff(),
  ) => planAccount(id, desired(person, app), { externalId: 'e', enabled: true, given: { ...given, ...old } });

  it('empties what the app was given before and the person has no more', () => {
    const { phone: _phone, grade: _grade, ...poor } = staff({ awards: [] });
    const app = rules({ attributes: ['unitId', 'awards', 'phone', 'grade'] });
    const plan = planFor({ phone: '0912345678', grade: 3 }, app, poor);
    assert.ok(plan.kind === 'update');
    const { phone, grade, awards, unitName } = plan.account;
    assert.deepEqual([phone, grade, awards, unitName], ['', null, [], 'Phường Thuận Hóa']);
    assert.equal(planFor({ phone: '', grade: null, awards: [] }, app, poor).kind, 'nothing', 'once');
    assert.equal(planFor({ phone: '', grade: 3 }, app, staff()).kind, 'update', 'and fills it again');
  });

  it('neither sends nor empties what the app is not entitled to any more', () => {
    const old = { phone: '0912345678' };
    assert.equal(planFor(old, rules()).kind, 'nothing');
    const plan = planFor({ ...old, unitName: 'Phường cũ' }, rules());
    assert.ok(plan.kind === 'update');
    assert.ok(!('phone' in plan.account));
  });

  it('never empties what an account is told apart by, nor the address in the app that owns it', () => {
    const rulesOfMail = rules({ attributes: ['email'], holds: ['code', 'username', 'name', 'email'] });
    const mail = { ...rulesOfMail, app: { ...rulesOfMail.app, id: 'mail' } };
    assert.deepEqual([...desired(staff(), mail).erasable], []);
    assert.deepEqual([...desired(staff(), rulesOfMail).erasable], ['email']);
  });

  it('empties a vendor field whose mapping gives nothing any more', () => {
    const app = rules();
    app.app.mapping = { Chuc_vu: 'x', title: 'y' };
    const plan = planFor({ extra: { Chuc_vu: 'CV', Cu: 'x' } }, app);
    assert.ok(plan.kind === 'update');
    assert.deepEqual(plan.account.extra, { Chuc_vu: '' });
  });

  it('closes the account of who left, once, and makes none for them', () => {
    const gone = desired(staff({ status: 'left' }));
    assert.deepEqual(planAccount(id, gone, { externalId: 'e', enabled: true, given }), {
      kind: 'disable',
      externalId: 'e',
      code: '000123',
    });
    assert.equal(planAccount(id, gone, { externalId: 'e', enabled: false, given }).kind, 'nothing');
    assert.equal(planAccount(id, gone, undefined).kind, 'nothing');
    assert.equal(planAccount(id, gone, undefined, { forced: true }).kind, 'nothing');
  });

  it('calls the app again when forced, and opens a closed account', () => {
    const same = { externalId: 'e', enabled: true, given };
    assert.equal(planAccount(id, desired(), same, { forced: true }).kind, 'update');
    assert.equal(planAccount(id, desired(), { ...same, enabled: false }).kind, 'update');
  });

  it('always sends how to tell the person apart, also to an app that keeps less', () => {
    const plan = planAccount(id, desired(staff(), rules({ holds: ['username'] })), undefined);
    assert.ok(plan.kind === 'create');
    assert.deepEqual([plan.account.code, plan.account.name], ['000123', 'Nguyễn Văn An']);
    assert.deepEqual(plan.given, { username: 'annv' });
  });
});

describe('Differences between an app and the register', () => {
  it('are told by attribute, whatever the spelling of the same letters', () => {
    assert.deepEqual(differences({ name: 'Nguyễn'.normalize('NFD') }, { name: 'Nguyễn' }), {});
    assert.deepEqual(differences({ phone: '1' }, { phone: '2' }), { phone: { app: '1', register: '2' } });
    assert.deepEqual(differences({}, { phone: '2' }), { phone: { app: null, register: '2' } });
  });

  it('do not count where the register knows nothing', () => {
    assert.deepEqual(differences({ email: 'a@b' }, {}), {});
  });

  it('count the order and number of awards', () => {
    assert.deepEqual(Object.keys(differences({ awards: ['b', 'a'] }, { awards: ['a', 'b'] })), ['awards']);
    assert.deepEqual(differences({}, { awards: [] }), {});
  });
});

describe('The retry schedule', () => {
  it('waits up to ever longer, over two to three days, and then gives up', () => {
    const total = retryDelays.reduce((sum, delay) => sum + delay, 0);
    const days = total / 86_400_000;
    assert.ok(days > 1.5 && days < 3, `${days} days`);
    assert.deepEqual(
      [...retryDelays].sort((a, b) => a - b),
      [...retryDelays],
    );
    assert.equal(
      nextDelay(retryDelays.length + 1, () => 0.5),
      undefined,
    );
  });

  it('spreads the waits over the whole span (full jitter)', () => {
    assert.equal(
      nextDelay(3, () => 0),
      100,
    );
    assert.equal(
      nextDelay(3, () => 0.5),
      15_000,
    );
    assert.ok(nextDelay(3, () => 0.999)! <= 30_000);
  });

  it('never cuts short what the app asked for', () => {
    for (const chance of [0, 0.5, 0.99])
      assert.ok(nextDelay(1, () => chance, { retryAfterMs: 60_000 })! >= 60_000);
  });

  it('has a slow part for what minutes do not mend', () => {
    assert.equal(
      nextDelay(1, () => 0.5, { slow: true }),
      300_000,
    );
  });
});
