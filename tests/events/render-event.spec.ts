import assert from 'node:assert/strict';
import { renderEvent } from '#hub/platform/events/render-event.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import type { Event } from '#schemas/event.ts';

const event = (subject = 'staff/an'): Event => ({
  position: 1,
  xid: '1',
  id: '00000000-0000-4000-8000-000000000001',
  type: 'vn.lienthong.salary.changed.v1',
  subject,
  subjectVersion: 2,
  source: 'hr',
  actor: 'hr',
  at: new Date(0),
  data: {
    staffId: 'an',
    changed: ['salary'],
    staff: {
      id: 'an',
      version: 2,
      status: 'active',
      name: 'Lê An',
      coefficient: 234,
      positions: [{ unitId: 'commune', main: true }],
    },
  },
});
const tree = new Map([['commune', 'district']]);
const viewer = (
  more: Partial<EventViewer> = {},
  entitlement: Partial<EventViewer['entitlement']> = {},
): EventViewer => ({
  app: 'portal',
  salary: true,
  parents: tree,
  entitlement: { attributes: ['name', 'coefficient'], unitIds: ['district'], ...entitlement },
  ...more,
});

describe('The bytes of an event', () => {
  it('are made once for all who have the same rights, whoever they are and however they name them', () => {
    const one = event();
    const bytes = renderEvent(one, viewer());
    assert.ok(bytes);
    for (const other of [viewer({ app: 'mail' }), viewer({}, { attributes: ['coefficient', 'name'] })])
      assert.equal(renderEvent(one, other), bytes);
  });

  const others: [string, EventViewer][] = [
    ['attributes', viewer({}, { attributes: ['coefficient'] })],
    ['event types', viewer({}, { eventTypes: ['staff.joined'] })],
    ['units', viewer({}, { unitIds: ['elsewhere'] })],
    ['tree of units', viewer({ parents: new Map() })],
    ['right to pay', viewer({ salary: false })],
    ['app, which is none', viewer({ app: undefined })],
  ];
  for (const [right, other] of others)
    it(`are never those that were made for another ${right}`, () => {
      const one = event();
      assert.notDeepEqual(renderEvent(one, viewer()), renderEvent(event(), other));
      assert.deepEqual(renderEvent(one, other), renderEvent(event(), other));
    });

  it('of an app’s own account are that app’s alone, though another has the same rights', () => {
    const one = { ...event('account/portal/an'), type: 'vn.lienthong.account.created.v1' };
    assert.ok(renderEvent(one, viewer()));
    assert.equal(renderEvent(one, viewer({ app: 'mail' })), undefined);
  });
});
