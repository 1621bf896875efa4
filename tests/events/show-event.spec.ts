import assert from 'node:assert/strict';
import { type EventViewer, showEvent } from '#hub/platform/events/show-event.ts';
import { type Event, type EventName, eventNames, eventType } from '#schemas/event.ts';
import { person, unitIds } from '#tests/events/events-gateway.ts';

const staffId = '11111111-1111-4111-8111-111111111111';
const parents = new Map([
  [unitIds.office, undefined],
  [unitIds.room, unitIds.office],
  [unitIds.elsewhere, undefined],
]);
const viewer = (
  attributes: string[],
  more: Partial<EventViewer> = {},
  entitlement: Partial<EventViewer['entitlement']> = {},
): EventViewer => ({
  app: 'some-app',
  entitlement: { attributes, ...entitlement },
  salary: true,
  parents,
  ...more,
});

const event = (name: EventName, data: Record<string, unknown>, subject = `staff/${staffId}`): Event => ({
  position: 1,
  xid: '1',
  id: '22222222-2222-4222-8222-222222222222',
  type: eventType(name),
  subject,
  subjectVersion: 1,
  source: 'hr',
  actor: 'client/x',
  data,
  at: new Date(0),
});
const staffEvent = (name: EventName, more: object = {}): Event =>
  event(name, { staffId, staff: person(staffId), ...more });
/** One of every kind, as the hub writes it. */
const sampleOf = (name: EventName): Event => {
  if (name.startsWith('unit.')) return event(name, { unitId: unitIds.room }, `unit/${unitIds.room}`);
  if (name.startsWith('account.'))
    return event(name, { app: 'some-app', staffId }, `account/some-app/${staffId}`);
  if (name.startsWith('session.'))
    return event(name, { staffId, sessionId: 'x', zone: 'wan', units: [unitIds.room] }, 'session/x');
  return staffEvent(name);
};
const staffOf = (shown: Event | undefined): Record<string, unknown> =>
  (shown!.data as { staff: Record<string, unknown> }).staff;

describe('What an app may see of an event', () => {
  /** By event, the attributes of which one must be held for the fact to be told. None: it is always told. */
  const matters: Record<string, string[]> = {
    'staff.moved': ['unitId', 'unitCode', 'unitName', 'title'],
    'position.assigned': ['unitId', 'unitCode', 'unitName', 'title'],
    'position.ended': ['unitId', 'unitCode', 'unitName', 'title'],
    'salary.changed': ['rank', 'grade', 'coefficient', 'coefficientFrom'],
    'award.granted': ['awards'],
    'discipline.recorded': ['disciplines'],
    'session.started': ['sessions'],
    'session.resumed': ['sessions'],
    'session.ended': ['sessions'],
  };
  for (const name of eventNames) {
    const needs = matters[name];
    it(`of ${name}: ${needs ? `nothing without ${needs.join(' or ')}` : 'that it happened'}`, () => {
      const shown = showEvent(sampleOf(name), viewer([]));
      assert.equal(shown === undefined, needs !== undefined);
      for (const attribute of needs ?? [])
        assert.ok(showEvent(sampleOf(name), viewer([attribute])), attribute);
      // The right to every other matter does not help.
      const others = Object.values(matters)
        .flat()
        .filter(attribute => !needs?.includes(attribute));
      if (needs) assert.equal(showEvent(sampleOf(name), viewer(others)), undefined);
    });

    it(`of ${name}: nothing when its event types leave it out, and all to the IT centre`, () => {
      const all = Object.values(matters).flat();
      const types = eventNames.filter(other => other !== name);
      assert.equal(showEvent(sampleOf(name), viewer(all, {}, { eventTypes: [...types] })), undefined);
      assert.ok(showEvent(sampleOf(name), viewer(all, {}, { eventTypes: [name] })));
      const sample = sampleOf(name);
      assert.equal(showEvent(sample, viewer([], { app: undefined })), sample);
    });
  }

  it('is only the attributes that it is entitled to, beside who it is and whether in service', () => {
    assert.deepEqual(staffOf(showEvent(staffEvent('staff.joined'), viewer([]))), {
      id: staffId,
      version: 1,
      status: 'active',
    });
    const shown = staffOf(showEvent(staffEvent('staff.joined'), viewer(['phone', 'title'])));
    assert.deepEqual(Object.keys(shown).sort(), ['id', 'phone', 'positions', 'status', 'title', 'version']);
    assert.deepEqual(shown.positions, [{ title: 'Chuyên viên', main: true }]);
    const units = staffOf(showEvent(staffEvent('staff.joined'), viewer(['unitName'])));
    assert.deepEqual(units.positions, [
      { unitId: unitIds.room, unitCode: 'H57.01', unitName: 'Phòng Nội vụ', main: true },
    ]);
  });

  it('names only changes that it may see, and no update without one', () => {
    const changed = (names: string[], attributes: string[]) =>
      showEvent(staffEvent('staff.updated', { changed: names }), viewer(attributes))?.data.changed;
    assert.deepEqual(changed(['phone', 'name', 'salary', 'disciplines'], ['name']), ['name']);
    assert.deepEqual(changed(['salary'], ['grade']), ['salary']);
    assert.deepEqual(changed(['positions'], ['unitCode']), ['positions']);
    assert.deepEqual(changed(['status'], []), ['status']);
    assert.equal(changed(['phone', 'citizenNumber'], ['name']), undefined);
  });

  it('is no pay without the scope, though the app is entitled to it', () => {
    const pay = viewer(['name', 'rank', 'grade', 'coefficient', 'coefficientFrom'], { salary: false });
    assert.equal(showEvent(staffEvent('salary.changed'), pay), undefined);
    const shown = staffOf(showEvent(staffEvent('staff.joined'), pay));
    assert.deepEqual(Object.keys(shown).sort(), ['id', 'name', 'status', 'version']);
  });

  it('is only of people in its units and below, and that they left, without where to', () => {
    const office = viewer(['name', 'unitId'], {}, { unitIds: [unitIds.office] });
    const elsewhere = viewer(['name', 'unitId'], {}, { unitIds: [unitIds.elsewhere] });
    assert.ok(showEvent(staffEvent('staff.joined'), office));
    assert.equal(showEvent(staffEvent('staff.joined'), elsewhere), undefined);
    const moved = staffEvent('staff.moved', { changed: ['positions'], unitsBefore: [unitIds.elsewhere] });
    assert.deepEqual(showEvent(moved, elsewhere)?.data, {
      staffId,
      outOfScope: true,
      staff: { id: staffId, version: 1, status: 'active' },
    });
    // Those it comes to see it whole, but not where from.
    assert.ok(!JSON.stringify(showEvent(moved, office)).includes(unitIds.elsewhere));
    // A matter that it has no right to is not told by leaving either.
    const pay = staffEvent('salary.changed', { changed: ['salary'], unitsBefore: [unitIds.elsewhere] });
    assert.equal(showEvent(pay, elsewhere), undefined);
  });

  it('is only of units in its scope, and of those that are merged into one', () => {
    const office = viewer([], {}, { unitIds: [unitIds.office] });
    const elsewhere = viewer([], {}, { unitIds: [unitIds.elsewhere] });
    const merged = event(
      'unit.merged',
      { unitId: unitIds.room, successorId: unitIds.elsewhere },
      `unit/${unitIds.room}`,
    );
    assert.ok(showEvent(merged, office));
    assert.ok(showEvent(merged, elsewhere));
    assert.ok(showEvent(sampleOf('unit.updated'), office));
    assert.equal(showEvent(sampleOf('unit.updated'), elsewhere), undefined);
  });

  it('is its own accounts and no other app’s, also when the names begin alike', () => {
    for (const app of ['other', 'some', 'some-app-2'])
      assert.equal(
        showEvent(event('account.created', { app, staffId }, `account/${app}/${staffId}`), viewer([])),
        undefined,
      );
  });

  it('is sign-ins of people in its units, without which units they are', () => {
    const of = (units: string[]) => viewer(['sessions'], {}, { unitIds: units });
    for (const name of ['session.started', 'session.ended'] as const) {
      assert.deepEqual(showEvent(sampleOf(name), of([unitIds.office]))?.data, {
        staffId,
        sessionId: 'x',
        zone: 'wan',
      });
      assert.equal(showEvent(sampleOf(name), of([unitIds.elsewhere])), undefined);
    }
  });

  it('is nothing of a subject that is not known here', () => {
    assert.equal(showEvent(event('staff.joined', {}, 'signing/x'), viewer(['name'])), undefined);
  });
});
