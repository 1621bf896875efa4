import assert from 'node:assert/strict';
import { concernsApp } from '#hub/provisioning/concerns-app.ts';
import type { AppRules } from '#hub/provisioning/desired-account.ts';

const app = (attributes: string[], more: Partial<AppRules['app']> = {}, holds = attributes): AppRules => ({
  app: { id: 'a', entitlement: { purpose: 'test', attributes }, mapping: {}, ...more },
  holds: new Set(holds),
  createsAccounts: true,
});
const concerned = (rules: AppRules, ...changed: string[]): boolean => concernsApp(rules, new Set(changed));

describe('Whether a change concerns an app', () => {
  it('is no for what the app may not see, or cannot hold', () => {
    assert.equal(concerned(app(['phone']), 'salary', 'awards'), false);
    assert.equal(concerned(app(['salary', 'coefficient'], {}, ['phone']), 'salary'), false);
    assert.equal(concerned(app(['phone']), 'citizenNumber', 'disciplines'), false);
  });

  it('is yes for each attribute that it is entitled to and holds', () => {
    assert.equal(concerned(app(['phone']), 'salary', 'phone'), true);
    assert.equal(concerned(app(['coefficient']), 'salary'), true);
    assert.equal(concerned(app(['unitId'], {}, ['unitCode']), 'positions'), true);
  });

  it('is always yes for the keys, for who comes or goes, and for what nobody foresaw', () => {
    assert.equal(concerned(app([]), 'name'), true);
    assert.equal(concernsApp(app([]), undefined), true);
    assert.equal(concerned(app([]), 'something-new'), true);
  });

  it('is yes where a mapping reads what it likes, and where a move may lead out of the app’s units', () => {
    assert.equal(concerned(app(['phone'], { mapping: { room: 'phone' } }), 'salary'), true);
    const scoped = { entitlement: { purpose: 'test', attributes: [], unitIds: ['u'] } };
    assert.equal(concerned(app([], scoped), 'positions'), true);
  });
});
