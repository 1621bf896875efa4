import assert from 'node:assert/strict';
import { sql } from 'kysely';
import createApps from '#hub/apps/apps.service.ts';
import { AppError } from '#hub/platform/errors.ts';
import { createEventViewers } from '#hub/platform/events/event-viewers.ts';
import { showEvent } from '#hub/platform/events/show-event.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { Event } from '#schemas/event.ts';
import type { UnitEntry } from '#schemas/unit.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('A unit that nobody takes over from', () => {
  let hub: TestHub;
  const by = { source: 'test', actor: 'test' };
  const at = '2020-07-01';
  const entry = (code: string, parentCode?: string): UnitEntry => ({
    code,
    name: `Phòng ${code}`,
    level: 'department',
    ...(parentCode === undefined ? {} : { parentCode }),
  });
  const load = (...units: UnitEntry[]) => hub.call('units.load', { units, ...by });
  const idOf = async (code: string): Promise<string> =>
    (await hub.call('units.list', {})).find(unit => unit.code === code)!.id;
  /** A new unit by its code. */
  const made = async (code: string, parentCode?: string): Promise<string> => {
    await load(entry(code, parentCode));
    return idOf(code);
  };
  const close = (id: string, day = at) => hub.call('units.close', { id, at: day, ...by });
  const refuses = (work: Promise<unknown>, code: string) =>
    assert.rejects(work, error => error instanceof AppError && error.code === code);
  const eventsOf = async (id: string): Promise<Event[]> =>
    (
      await sql<Event>`select type, subject, subject_version as "subjectVersion", data from event
        where subject = ${`unit/${id}`} order by subject_version`.execute(hub.db)
    ).rows;

  before(async () => {
    hub = await createTestHub([createApps, createUnits, createStaff]);
    await load(entry('top'));
  });
  after(() => hub.stop());

  it('ends on a day, is told once, and stays in the history', async () => {
    const id = await made('a', 'top');
    assert.equal((await close(id)).validTo, at);
    const events = await eventsOf(id);
    assert.deepEqual(
      events.map(({ type, subjectVersion }) => [type, subjectVersion]),
      [
        ['vn.lienthong.unit.created.v1', 1],
        ['vn.lienthong.unit.closed.v1', 2],
      ],
    );
    assert.deepEqual(events[1]!.data, { unitId: id, at });
    assert.ok(!(await hub.call('units.list', {})).some(unit => unit.id === id));
    assert.ok((await hub.call('units.list', { at: '2020-06-30' })).some(unit => unit.id === id));
    await refuses(close(id), 'unit-closed');
    assert.equal((await eventsOf(id)).length, 2);
  });

  it('is told to an app that sees what lay above it, and to no app of other units', async () => {
    const id = await made('b', 'top');
    await load(entry('elsewhere'));
    await close(id);
    const event = (await eventsOf(id)).at(-1)!;
    const seenBy = async (app: string, unitId: string): Promise<boolean> => {
      const entitlement = { purpose: 'test', attributes: ['name'], unitIds: [unitId] };
      await hub.call('apps.put', {
        app: { id: app, name: app, owner: 'test', enabled: true, entitlement },
        actor: 'test',
      });
      const viewer = await createEventViewers(hub.call).ofApp(app);
      return showEvent(event, viewer!) !== undefined;
    };
    assert.equal(await seenBy('above', await idOf('top')), true);
    assert.equal(await seenBy('beside', await idOf('elsewhere')), false);
  });

  it('goes empty: not while a unit lies below it or somebody holds a post in it', async () => {
    const id = await made('c', 'top');
    const below = await made('c1', 'c');
    await refuses(close(id), 'unit-in-use');
    await close(below);
    const hire = (status: 'active' | 'left', staffId?: string) =>
      hub.call('staff.apply', {
        changes: [
          {
            origin: `close-${status}`,
            ...(staffId === undefined ? {} : { staffId }),
            record: {
              code: '000901',
              name: 'Trần Thị Bình',
              status,
              positions: [{ unit: 'c', title: 'Trưởng phòng', main: true }],
            },
            unitIds: [id],
          },
        ],
        ...by,
      });
    const [outcome] = await hire('active');
    await refuses(close(id), 'unit-in-use');
    await hire('left', outcome!.staffId!);
    assert.equal((await close(id)).validTo, at);
  });

  it('is empty when it has ended, also when people come to it at the very moment', async () => {
    const comeTo = async (id: string, code: string): Promise<string> => {
      const change = { origin: code, record: { code, name: 'Lê Văn Ba' }, unitIds: [id] };
      const positions = [{ unit: 'x', title: 'Chuyên viên', main: true }];
      const changes = [{ ...change, record: { ...change.record, positions } }];
      const [outcome] = await hub.call('staff.apply', { changes, ...by });
      return outcome!.error?.code ?? outcome!.outcome;
    };
    const seen = new Set<string>();
    for (let nr = 0; nr < 20; nr++) {
      const id = await made(`race${nr}`, 'top');
      const come = [1, 2, 3].map(one => comeTo(id, `9100${nr}${one}`));
      const closed = close(id).then(
        () => true,
        () => false,
      );
      for (const outcome of await Promise.all(come)) seen.add(outcome);
      const members = await hub.call('staff.unit-members', { unitIds: [id] });
      assert.equal(members[id] === undefined, await closed);
    }
    const late = await made('late', 'top');
    await close(late);
    assert.equal(await comeTo(late, '910999'), 'unit-closed');
    assert.deepEqual(
      [...seen].filter(outcome => !['created', 'unit-closed'].includes(outcome)),
      [],
    );
  });

  it('ends on a day that has come, of the calendar, and after it began', async () => {
    const id = await made('d', 'top');
    for (const day of ['2999-01-01', '2020-02-30', '1900-01-01'])
      await refuses(close(id, day), 'invalid-request');
    await refuses(close('nothing'), 'unknown-unit');
    assert.equal((await eventsOf(id)).length, 1);
  });

  it('is named by no text any more, and no old list brings it back', async () => {
    const id = await made('e', 'top');
    await close(id);
    const [resolved] = await hub.call('units.resolve', { texts: ['Phòng e'] });
    assert.equal(resolved!.match, 'unknown');
    await refuses(load(entry('e', 'top')), 'unit-closed');
    await refuses(
      hub.call('units.merge', { unitIds: [await idOf('top')], successorId: id, at, ...by }),
      'unit-closed',
    );
  });

  it('leaves its code to a new unit from that day on', async () => {
    const id = await made('f', 'top');
    await close(id);
    await load({ ...entry('f', 'top'), name: 'Phòng mới', validFrom: at });
    const [resolved] = await hub.call('units.resolve', { texts: ['f'] });
    assert.deepEqual([resolved!.match, resolved!.name], ['code', 'Phòng mới']);
    assert.notEqual(resolved!.unitId, id);
  });
});
