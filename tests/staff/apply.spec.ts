import assert from 'node:assert/strict';
import { sql } from 'kysely';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { StaffChange } from '#schemas/staff.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('Applying changes to the staff register', () => {
  let hub: TestHub;
  const unit: Record<string, string> = {};
  let nr = 0;

  before(async () => {
    hub = await createTestHub([createStaff, createUnits]);
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
    for (const { code, id } of await hub.call('units.list', {})) unit[code] = id;
  });
  after(() => hub.stop());

  const apply = (changes: Partial<StaffChange>[], dryRun = false) =>
    hub.call('staff.apply', {
      changes: changes.map(change => ({ origin: `o${++nr}`, ...change }) as StaffChange),
      source: 'test',
      actor: 'tester',
      dryRun,
    });
  const hire = async (record: Partial<HrRecord>, code = String(++nr).padStart(6, '0')) => {
    const [outcome] = await apply([{ record: { name: 'Nguyễn Văn An', code, ...record } }]);
    return outcome!;
  };
  const eventsOf = async (id: string) =>
    (
      await sql<{ type: string; subject_version: number }>`
        select type, subject_version from event where subject = ${`staff/${id}`} order by subject_version`.execute(
        hub.db,
      )
    ).rows;
  const names = (events: { type: string }[]) =>
    events.map(event => event.type.slice('vn.lienthong.'.length, -3));

  it('creates a person with posts, pay, awards, a user name, one version and one event', async () => {
    const [outcome] = await apply([
      {
        unitIds: [unit['474']!],
        record: {
          name: 'Trần Thị Bình',
          code: '000777',
          citizenNumber: '046190000777',
          positions: [{ unit: '474', title: 'Chuyên viên', main: true }],
          salary: { rank: '01.003', grade: 1, coefficient: 234, from: '2020-01-01' },
          awards: [{ title: 'Bằng khen', year: 2021 }],
        },
      },
    ]);
    assert.equal(outcome!.outcome, 'created');
    const staff = await hub.call('staff.get', { id: outcome!.staffId! });
    assert.equal(staff.username, 'binhtt');
    assert.equal(staff.unitName, 'Thành phố Huế');
    assert.equal(staff.coefficient, 234);
    assert.deepEqual(staff.awards, [{ title: 'Bằng khen', year: 2021 }]);
    assert.deepEqual(names(await eventsOf(staff.id)), ['staff.joined']);
    assert.equal((await hub.call('staff.history', { id: staff.id })).length, 1);
  });

  it('numbers user names that collide and never gives one twice', async () => {
    const [a, b] = await apply([
      { record: { name: 'Lê Văn Cường', code: 'c1' } },
      { record: { name: 'Lê Văn Cường', code: 'c2' } },
    ]);
    const first = await hub.call('staff.get', { id: a!.staffId! });
    const second = await hub.call('staff.get', { id: b!.staffId! });
    assert.deepEqual([first.username, second.username], ['cuonglv', 'cuonglv2']);
  });

  it('answers a repeated origin as the first time and changes nothing', async () => {
    const change = { origin: 'same', record: { name: 'Hồ Văn Dũng', code: 'd1' } };
    const [first] = await apply([change]);
    const [again] = await apply([change]);
    assert.deepEqual(again, first);
    assert.equal((await eventsOf(first!.staffId!)).length, 1);
  });

  it('gives each fact of a change its event, in gapless versions', async () => {
    const [hired] = await apply([
      {
        unitIds: [unit['474']!],
        record: {
          name: 'Võ Thị Em',
          code: 'e1',
          positions: [{ unit: '474', title: 'Chuyên viên', main: true }],
        },
      },
    ]);
    const id = hired!.staffId!;
    await apply([
      {
        staffId: id,
        mainUnitId: unit['476']!,
        record: {
          name: 'Võ Thị Em',
          phone: '+84912345678',
          mainPosition: { unit: '476', title: 'Phó Trưởng phòng' },
          salary: { rank: '01.003', grade: 2, coefficient: 267, from: '2023-01-01' },
          disciplines: [{ title: 'Khiển trách', year: 2022 }],
        },
      },
    ]);
    await apply([{ staffId: id, record: { name: 'Võ Thị Em', status: 'left', statusFrom: '2024-01-01' } }]);
    const events = await eventsOf(id);
    assert.deepEqual(names(events), [
      'staff.joined',
      'staff.updated',
      'staff.moved',
      'salary.changed',
      'discipline.recorded',
      'staff.left',
    ]);
    assert.deepEqual(
      events.map(event => event.subject_version),
      [1, 2, 3, 4, 5, 6],
    );
    const staff = await hub.call('staff.get', { id });
    assert.deepEqual(
      [staff.status, staff.unitCode, staff.title, staff.version],
      ['left', '476', 'Phó Trưởng phòng', 6],
    );
  });

  it('keeps an older salary step in the history without changing the pay in force', async () => {
    const hired = await hire({ salary: { rank: '01.003', grade: 3, coefficient: 300, from: '2022-01-01' } });
    await apply([
      {
        staffId: hired.staffId!,
        record: {
          name: 'Nguyễn Văn An',
          salary: { rank: '01.003', grade: 2, coefficient: 267, from: '2019-01-01' },
        },
      },
    ]);
    const staff = await hub.call('staff.get', { id: hired.staffId! });
    assert.equal(staff.coefficient, 300);
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int n from salary_step where staff_id = ${staff.id}::uuid`.execute(hub.db);
    assert.equal(rows[0]!.n, 2);
  });

  it('refuses a staff code or citizen number that another holds and names the holder', async () => {
    await hire({ name: 'Phan Thị Hoa', citizenNumber: '046190000999' }, 'h1');
    const code = await hire({ name: 'Phan Văn Hải' }, 'h1');
    assert.equal(code.error?.code, 'code-held-by-another');
    assert.match(String(code.error?.params.holder), /Phan Thị Hoa/);
    const number = await hire({ name: 'Phan Văn Hải', citizenNumber: '046190000999' }, 'h2');
    assert.equal(number.error?.code, 'citizen-number-held-by-another');
  });

  it('sees the same person twice in one batch as one person', async () => {
    const [, second] = await apply([
      { record: { name: 'Đỗ Văn Khoa', code: 'k1' } },
      { record: { name: 'Đỗ Văn Khoa', code: 'k1' } },
    ]);
    assert.equal(second!.error?.code, 'code-held-by-another');
  });

  it('writes nothing in a dry run', async () => {
    const [outcome] = await apply([{ record: { name: 'Lý Văn Long', code: 'l1' } }], true);
    assert.equal(outcome!.outcome, 'created');
    assert.equal((await hub.call('staff.search', { q: 'ly van long' })).items.length, 0);
  });

  it('finds people by name with and without accents, in NFD, by đ and by code, in Vietnamese order', async () => {
    await apply(
      ['Đặng Ánh Mai', 'Đặng Văn Ân', 'Đặng Văn Ăn', 'Đặng Văn Ba'].map((name, at) => ({
        record: { name, code: `m${at}` },
      })),
    );
    const found = async (q: string) => (await hub.call('staff.search', { q })).items.map(staff => staff.name);
    assert.deepEqual(await found('dang van'), ['Đặng Văn Ăn', 'Đặng Văn Ân', 'Đặng Văn Ba']);
    assert.deepEqual(await found('Đặng Ánh'.normalize('NFD')), ['Đặng Ánh Mai']);
    assert.deepEqual(await found('m3'), ['Đặng Văn Ba']);
    assert.deepEqual(await found('100%_'), []);
  });

  it('pages without loss or repeat', async () => {
    const all = (await hub.call('staff.search', { limit: 500 })).items.map(staff => staff.id);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await hub.call('staff.search', { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.items.map(staff => staff.id));
      cursor = page.next;
    } while (cursor !== undefined);
    assert.deepEqual(paged, all);
  });

  it('keeps the citizen number sealed: in no column, event or version in the clear', async () => {
    await hire({ name: 'Ngô Thị Sen', citizenNumber: '046190123456' });
    for (const table of ['staff', 'staff_version', 'event']) {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int n from ${sql.table(table)} t where t::text like '%046190123456%'`.execute(
        hub.db,
      );
      assert.equal(rows[0]!.n, 0, table);
    }
  });

  it('takes the address that mail confirms and tells it as an update', async () => {
    const hired = await hire({ name: 'Tạ Văn Thu' });
    await hub.call('staff.confirm-email', {
      addresses: [{ staffId: hired.staffId!, email: 'a@lienthong.example' }],
      source: 'app/mail',
    });
    await hub.call('staff.confirm-email', {
      addresses: [{ staffId: hired.staffId!, email: 'a@lienthong.example' }],
      source: 'app/mail',
    });
    assert.deepEqual(names(await eventsOf(hired.staffId!)), ['staff.joined', 'staff.updated']);
  });
});
