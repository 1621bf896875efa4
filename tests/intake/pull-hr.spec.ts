import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { leaseFeed } from '#hub/intake/hr-feed-store.ts';
import createIntake from '#hub/intake/intake.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Part } from '#hub/platform/part.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

/** The HR software as its connector shows it: a list of changes, numbered from 1. */
const createHrSoftware = () => {
  const changes: HrRecord[] = [];
  const asked: (string | undefined)[] = [];
  const state = { down: false, onPull: async (): Promise<void> => {} };
  const part: Part = {
    name: 'connectors',
    actions: {
      'connectors.invoke': async ({ input }) => {
        const [{ after, limit }] = input as [{ after?: string; limit: number }];
        asked.push(after);
        await state.onPull();
        if (state.down)
          return { ok: false, code: 'unavailable', message: 'down', retryable: true, durationMs: 0 };
        const from = Number(after ?? 0);
        const page = changes
          .slice(from, from + limit)
          .map((record, at) => ({ record, cursor: String(from + at + 1), at: '2018-01-01T00:00:00Z' }));
        const cursor = page.at(-1)?.cursor ?? after;
        const more = from + page.length < changes.length;
        return { ok: true, result: { changes: page, cursor, more }, durationMs: 0 };
      },
    },
  };
  return { changes, asked, state, part };
};

describe('Following the HR software', () => {
  const hr = createHrSoftware();
  let hub: TestHub;
  let intake: Part;
  before(async () => {
    hub = await createTestHub([createStaff, createUnits, createIntake], {
      stubs: [hr.part],
      started: false,
    });
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
    intake = hub.parts.find(part => part.name === 'intake')!;
    await intake.start!();
  });
  after(() => hub.stop());

  const hire = (nr: number): HrRecord => ({
    name: 'Trương Công Định',
    code: String(80_000 + nr),
    citizenNumber: `0460810${80_000 + nr}`,
    birthDate: '1981-01-01',
    mainPosition: { unit: 'Thành phố Huế', title: 'Chuyên viên' },
  });
  const cursor = async () =>
    (await sql<{ cursor: string | null }>`select cursor from hr_feed where source = 'hr'`.execute(hub.db))
      .rows[0]?.cursor;
  const caughtUp = () =>
    waitUntil('the feed is read', async () => (await cursor()) === String(hr.changes.length), {
      withinMs: 20_000,
    });
  const find = async (code: string) => (await hub.call('staff.search', { q: code })).items[0]!;

  it('takes hire, move and leave of one person, though they come in one page, over several pages', async () => {
    for (let nr = 0; nr < 250; nr++) hr.changes.push(hire(nr));
    hr.changes.push({ ...hire(249), mainPosition: { unit: 'Huyện Phú Lộc', title: 'Trưởng phòng' } });
    hr.changes.push({ name: hire(249).name, code: hire(249).code!, status: 'left' });
    await caughtUp();
    assert.equal((await hub.call('staff.search', { q: 'truong cong dinh', limit: 500 })).items.length, 250);
    const { unitName, status } = await find('80249');
    assert.deepEqual([unitName, status], ['Huyện Phú Lộc', 'left']);
  });

  it('goes on behind a change that cannot be applied', async () => {
    hr.changes.push({ ...hire(300), birthDate: '1981-02-31' });
    hr.changes.push(hire(301));
    await caughtUp();
    assert.equal((await find('80301')).code, '80301');
  });

  it('keeps a change that was refused, to be taken again when its cause is mended', async () => {
    hr.changes.push({ ...hire(310), mainPosition: { unit: 'Sở Mới', title: 'Chuyên viên' } });
    hr.changes.push({ name: 'A' });
    await caughtUp();
    const waiting = await hub.call('intake.list-decisions', {});
    const unknownUnit = waiting.find(({ reason }) => reason === 'unknown-unit')!;
    assert.ok(waiting.some(({ reason }) => reason === 'record-unreadable'));
    const again = () =>
      hub.call('intake.decide', { id: unknownUnit.id, choice: { as: 'again' }, actor: 'tester' });
    assert.equal((await again()).outcome, 'refused');
    await hub.call('units.load', {
      units: [{ code: 'SM', name: 'Sở Mới', level: 'agency' }],
      source: 'test',
      actor: 'test',
    });
    assert.equal((await again()).outcome, 'created');
    assert.equal((await find('80310')).unitName, 'Sở Mới');
    await assert.rejects(again, { code: 'already-decided' });
  });

  it('does not undo a change when a page is pulled again after a node was killed', async () => {
    const from = String(hr.changes.length);
    // The first changes nothing and leaves no trace in the register.
    hr.changes.push({ ...hire(301) });
    hr.changes.push({ ...hire(301), phone: '0912000301' });
    await caughtUp();
    await intake.stop!();
    // As if killed after the stretch of the second change was applied and before its cursor was kept.
    await sql`update hr_feed set cursor = ${String(Number(from) + 1)} where source = 'hr'`.execute(hub.db);
    const versions = (await find('80301')).version;
    const again = createIntake(hub.context);
    await again.start!();
    await caughtUp();
    await again.stop!();
    const { phone, version } = await find('80301');
    assert.deepEqual([phone, version], ['0912000301', versions]);
  });

  it('moves the cursor after each stretch in which nobody appears twice', async () => {
    const own = createIntake(hub.context);
    const seen = new Set<string>();
    hr.changes.push(
      { ...hire(302) },
      { ...hire(302), phone: '0912000302' },
      { ...hire(302), phone: '0913000302' },
    );
    const target = String(hr.changes.length);
    await sql`create table moved (cursor text)`.execute(hub.db);
    await sql`create function note_move() returns trigger language plpgsql as
      $$ begin insert into moved values (new.cursor); return new; end $$`.execute(hub.db);
    await sql`create trigger note_move after update of cursor on hr_feed for each row execute function note_move()`.execute(
      hub.db,
    );
    await own.start!();
    await caughtUp();
    await own.stop!();
    const { rows } = await sql<{ cursor: string }>`select cursor from moved`.execute(hub.db);
    for (const row of rows) seen.add(row.cursor);
    assert.deepEqual(
      [...seen],
      [-2, -1, 0].map(step => String(Number(target) + step)),
    );
  });

  it('keeps a cursor that is set while a page is being pulled', async () => {
    const own = createIntake(hub.context);
    let once = true;
    hr.state.onPull = async () => {
      if (!once) return;
      once = false;
      hr.changes.push(hire(400));
      await hub.call('intake.set-hr-cursor', { source: 'hr', cursor: '5' });
    };
    const askedBefore = hr.asked.length;
    await own.start!();
    await waitUntil('it was asked twice', () => hr.asked.length >= askedBefore + 2, { withinMs: 10_000 });
    await caughtUp();
    await own.stop!();
    hr.state.onPull = async () => {};
    assert.equal(hr.asked[askedBefore + 1], '5', 'the next pull begins where the cursor was set');
  });

  it('waits while the software is down and goes on when it is back', async () => {
    const own = createIntake(hub.context);
    hr.state.down = true;
    hr.changes.push(hire(500));
    const askedBefore = hr.asked.length;
    await own.start!();
    await waitUntil('it was asked twice', () => hr.asked.length >= askedBefore + 2, { withinMs: 10_000 });
    hr.state.down = false;
    await caughtUp();
    await own.stop!();
    assert.equal((await find('80500')).code, '80500');
  });

  it('lets one node pull at a time, and another when the lease has ended', async () => {
    const read = () => leaseFeed(hub.db, 'other', 0.3);
    assert.deepEqual(await read(), { cursor: null });
    assert.equal(await read(), undefined);
    await waitUntil('the lease ends', read, { withinMs: 5_000 });
  });
});
