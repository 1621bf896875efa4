import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import createIntake from '#hub/intake/intake.service.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import { readAdministrativeUnits } from '#tests/support/read-units.ts';
import { createTestHub, type TestHub } from '#tests/support/test-hub.ts';

describe('Taking records of people', () => {
  let hub: TestHub;
  let nr = 0;
  before(async () => {
    hub = await createTestHub([createStaff, createUnits, createIntake], { started: false });
    await hub.call('units.load', { units: readAdministrativeUnits(), source: 'test', actor: 'test' });
  });
  after(() => hub.stop());

  const takeAll = (
    records: HrRecord[],
    options: { source?: string; dryRun?: boolean; origins?: string[] } = {},
  ) =>
    hub.call('intake.take', {
      records: records.map((record, at) => ({ origin: options.origins?.[at] ?? randomUUID(), record })),
      source: options.source ?? 'push',
      actor: 'test',
      ...(options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
    });
  const take = async (record: HrRecord, options: Parameters<typeof takeAll>[1] = {}) =>
    (await takeAll([record], options))[0]!;
  const inHue = { unit: 'Thành phố Huế', title: 'Chuyên viên' };
  /** Somebody who is like nobody else, unless the test says so. */
  const person = (given: Partial<HrRecord> = {}): HrRecord => {
    const own = String(++nr).padStart(4, '0');
    return {
      name: 'Nguyễn Văn An',
      code: `9000${own}`,
      citizenNumber: `04608000${own}`,
      birthDate: `19${60 + (nr % 40)}-03-02`,
      mainPosition: inHue,
      ...given,
    };
  };
  const without = (record: HrRecord, ...fields: (keyof HrRecord)[]): HrRecord =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !fields.includes(key as never))) as HrRecord;
  const open = () => hub.call('intake.list-decisions', {});
  const countStaff = async () =>
    (await sql<{ n: number }>`select count(*)::int n from staff`.execute(hub.db)).rows[0]!.n;

  describe('units', () => {
    it('refuses a unit that nobody knows, and one that several are called', async () => {
      const [unknown, ambiguous] = await takeAll([
        person({ mainPosition: { unit: 'Sở Không Có', title: '' } }),
        person({ mainPosition: { unit: 'Xã Hương Phong', title: '' } }),
      ]);
      assert.deepEqual([unknown!.outcome, unknown!.errors![0]!.code], ['refused', 'unknown-unit']);
      assert.deepEqual([ambiguous!.outcome, ambiguous!.errors![0]!.code], ['refused', 'ambiguous-unit']);
      assert.match(String(ambiguous!.errors![0]!.params!.candidates), /Hương Phong.*;.*Hương Phong/);
    });

    it('follows a merged unit to its successor and says so', async () => {
      const units = await hub.call('units.list', {});
      const byName = (name: string) => units.find(unit => unit.name === name)!.id;
      await hub.call('units.merge', {
        unitIds: [byName('Phường Phú Hòa')],
        successorId: byName('Thành phố Huế'),
        at: '2020-01-01',
        source: 'test',
        actor: 'test',
      });
      const report = await take(person({ mainPosition: { unit: 'Phường Phú Hòa', title: '' } }));
      assert.deepEqual([report.outcome, report.flags], ['created', ['unit-merged']]);
      const staff = await hub.call('staff.get', { id: report.staffId! });
      assert.equal(staff.unitName, 'Thành phố Huế');
    });
  });

  describe('whom a record speaks of', () => {
    it('knows a person by the citizen number, whatever else was corrected', async () => {
      const record = person();
      const { staffId } = await take(record);
      const report = await take({ ...record, code: `c${record.code}`, name: 'Trần Thị Mai' });
      assert.deepEqual([report.outcome, report.staffId], ['changed', staffId]);
    });

    it('asks when the citizen number is one person’s and the code another’s', async () => {
      const [one, other] = [person(), person({ name: 'Hoàng Thị Sen' })];
      await takeAll([one, other]);
      const report = await take({ ...one, code: other.code! });
      assert.deepEqual([report.outcome, report.errors![0]!.code], ['to-decide', 'two-people-match']);
    });

    it('asks, naming the holder, when a code is held by somebody with another name and birth date', async () => {
      const holder = person({ name: 'Lê Thị Hoa' });
      await take(holder);
      const report = await take(person({ name: 'Tạ Văn Lâm', code: holder.code!, birthDate: '1999-09-09' }));
      assert.deepEqual([report.outcome, report.errors![0]!.code], ['to-decide', 'code-of-another-name']);
      assert.equal(report.errors![0]!.params!.holder, 'Lê Thị Hoa (Thành phố Huế)');
    });

    it('does not let a code alone rename a person', async () => {
      const holder = person({ name: 'Lê Thị Hoa' });
      await take(holder);
      const report = await take({ name: 'Tạ Văn Lâm', code: holder.code! });
      assert.equal(report.outcome, 'to-decide');
    });

    it('takes corrections of the HR software, whose key the code is', async () => {
      const record = person({ name: 'Phạm Thị Cúc' });
      const { staffId } = await take(record, { source: 'hr' });
      const renamed = { ...record, name: 'Võ Thu Trang', citizenNumber: '046099990001' };
      const report = await take(renamed, { source: 'hr' });
      assert.deepEqual([report.outcome, report.staffId], ['changed', staffId]);
      const stranger = without({ ...record, name: 'Đỗ Văn Tám', birthDate: '1955-05-05' }, 'citizenNumber');
      assert.equal((await take(stranger, { source: 'hr' })).outcome, 'to-decide');
    });

    it('knows a person without numbers by name, birth date and unit, and asks without the unit', async () => {
      const record = person({ name: 'Đặng Hữu Phúc', birthDate: '1971-11-11' });
      const { staffId } = await take(record);
      const bare = without(record, 'code', 'citizenNumber');
      const sure = await take({ ...bare, phone: '0912345678' });
      assert.deepEqual([sure.outcome, sure.staffId], ['changed', staffId]);
      const unsure = await take(without(bare, 'mainPosition'));
      assert.deepEqual([unsure.outcome, unsure.errors![0]!.code], ['to-decide', 'perhaps-the-same']);
    });

    it('asks before it makes a second person of the same name and birth date with another code', async () => {
      const record = person({ name: 'Mai Xuân Lộc', birthDate: '1972-12-12' });
      await take(record);
      const before = await countStaff();
      const twin = without({ ...record, code: 'khac-01' }, 'citizenNumber');
      assert.equal((await take(twin)).outcome, 'to-decide');
      assert.equal(await countStaff(), before);
    });

    it('lets namesakes of one birth date be two people when both numbers differ', async () => {
      const record = person({ name: 'Mai Xuân Đức', birthDate: '1972-12-13' });
      const first = await take(record);
      const second = await take({ ...record, code: 'khac-02', citizenNumber: '046072999999' });
      assert.equal(second.outcome, 'created');
      assert.notEqual(second.staffId, first.staffId);
    });

    it('does not take a person with another citizen number for the same', async () => {
      const record = person({ name: 'Mai Xuân Hạ', birthDate: '1972-12-14' });
      await take(record);
      const report = await take(without({ ...record, citizenNumber: '046072999998' }, 'code'));
      assert.equal(report.outcome, 'to-decide');
    });

    it('refuses a new person without a code', async () => {
      const report = await take(without(person({ name: 'Ông Ích Khiêm' }), 'code'));
      assert.deepEqual([report.outcome, report.errors![0]!.code], ['refused', 'code-missing']);
    });
  });

  describe('many records at once', () => {
    it('applies what follows on a hire in the same page, in order', async () => {
      const hired = person({ name: 'Trương Công Định' });
      const [created, moved, left] = await takeAll(
        [
          hired,
          { ...hired, mainPosition: { unit: 'Huyện Phú Lộc', title: 'Trưởng phòng' } },
          { name: hired.name, code: hired.code!, status: 'left' },
        ],
        { source: 'hr' },
      );
      assert.deepEqual(
        [created, moved, left].map(report => [report!.outcome, report!.staffId]),
        [
          ['created', created!.staffId],
          ['changed', created!.staffId],
          ['changed', created!.staffId],
        ],
      );
      const staff = await hub.call('staff.get', { id: created!.staffId! });
      assert.deepEqual([staff.unitName, staff.status], ['Huyện Phú Lộc', 'left']);
    });

    it('answers a repeated page as it did, and makes nobody twice', async () => {
      const records = [person(), person(), person()];
      const origins = records.map(() => randomUUID());
      const first = await takeAll(records, { origins });
      const before = await countStaff();
      assert.deepEqual(await takeAll(records, { origins }), first);
      assert.equal(await countStaff(), before);
    });

    it('refuses what no database could hold, and takes its neighbours', async () => {
      const reports = await takeAll([
        person({ birthDate: '1980-02-31' }),
        person({ salary: { rank: '01.003', grade: 1, coefficient: 234, from: '2020-13-01' } }),
        person({ birthDate: '2190-01-01' }),
        person({ mainPosition: { unit: 'Thành phố Huế', title: 'a\u0000b' } }),
        person({
          positions: [
            { unit: 'Thành phố Huế', title: 'a', main: true },
            { unit: 'Huyện Phú Lộc', title: 'b', main: true },
          ],
        }),
        person(),
      ]);
      assert.deepEqual(
        reports.map(report => [report.outcome, report.errors?.[0]?.code, report.errors?.[0]?.field]),
        [
          ['refused', 'day-impossible', 'birthDate'],
          ['refused', 'day-impossible', 'salaryFrom'],
          ['refused', 'birth-date-in-future', 'birthDate'],
          ['refused', 'text-unreadable', undefined],
          ['refused', 'two-main-posts', 'positions'],
          ['created', undefined, undefined],
        ],
      );
    });

    it('stores names composed, however they were sent', async () => {
      const { staffId } = await take(person({ name: 'Trần Thị Bình'.normalize('NFD') }));
      assert.equal((await hub.call('staff.get', { id: staffId! })).name, 'Trần Thị Bình'.normalize('NFC'));
    });

    it('changes nothing in a dry run, and keeps no doubt', async () => {
      const holder = person({ name: 'Lê Thị Hoa' });
      await take(holder);
      const [staff, doubts] = [await countStaff(), (await open()).length];
      const reports = await takeAll(
        [person(), person({ name: 'Tạ Văn Lâm', code: holder.code!, birthDate: '1999-09-09' })],
        { dryRun: true },
      );
      assert.deepEqual(
        reports.map(({ outcome }) => outcome),
        ['created', 'to-decide'],
      );
      assert.deepEqual([await countStaff(), (await open()).length], [staff, doubts]);
    });
  });

  describe('doubts', () => {
    const doubt = async () => {
      const holder = person({ name: 'Lê Thị Hoa' });
      const { staffId } = await take(holder);
      const record = person({ name: 'Tạ Văn Lâm', code: holder.code!, birthDate: '1999-09-09' });
      const origin = randomUUID();
      const report = await take(record, { origins: [origin] });
      return { holderId: staffId!, record, origin, id: report.decisionId! };
    };

    it('are kept once, with the citizen number sealed and not shown', async () => {
      const { record, origin, id } = await doubt();
      assert.equal((await take(record, { origins: [origin] })).decisionId, id);
      const kept = (await open()).filter(decision => decision.origin === origin);
      assert.equal(kept.length, 1);
      assert.equal(kept[0]!.candidates[0]!.name, 'Lê Thị Hoa');
      assert.ok(!JSON.stringify(kept).includes(record.citizenNumber!));
      const { rows } = await sql<{ row: string }>`
        select decision::text as row, encode(record, 'escape') as bytes from decision where origin = ${origin}`.execute(
        hub.db,
      );
      assert.ok(!JSON.stringify(rows).includes(record.citizenNumber!));
    });

    it('are applied to the person that was chosen, once', async () => {
      const { holderId, id } = await doubt();
      assert.match(
        (await open()).find(one => one.id === id)!.createdAt,
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
      );
      const report = await hub.call('intake.decide', { id, choice: { staffId: holderId }, actor: 'clerk' });
      assert.deepEqual([report.outcome, report.staffId], ['changed', holderId]);
      assert.deepEqual(report.changed?.toSorted(), ['birthDate', 'citizenNumber', 'name']);
      assert.equal((await hub.call('staff.get', { id: holderId })).name, 'Tạ Văn Lâm');
      await assert.rejects(
        hub.call('intake.decide', { id, choice: { as: 'drop' }, actor: 'clerk' }),
        (error: { code?: string }) => error.code === 'already-decided',
      );
    });

    it('say that a decision gives the person another code', async () => {
      const record = person({ name: 'Mai Xuân Thu', birthDate: '1972-12-15' });
      const { staffId } = await take(record);
      const twin = without({ ...record, code: 'khac-15' }, 'citizenNumber');
      const { decisionId } = await take(twin);
      const choice = { staffId: staffId! };
      const report = await hub.call('intake.decide', { id: decisionId!, choice, actor: 'clerk' });
      assert.deepEqual([report.outcome, report.changed], ['changed', ['code']]);
    });

    it('are one while open, however often the same is sent, and end together', async () => {
      const { record, origin, id } = await doubt();
      const reversed = Object.fromEntries(Object.entries(record).toReversed()) as HrRecord;
      const again = await Promise.all([take(record), take(record), take(reversed)]);
      assert.deepEqual(
        again.map(report => [report.outcome, report.decisionId]),
        again.map(() => ['to-decide', id]),
      );
      const elsewhere = await take(record, { source: 'so-noi-vu' });
      const changed = await take({ ...record, phone: '+84912345678' });
      assert.equal(new Set([id, elsewhere.decisionId, changed.decisionId]).size, 3);
      const about = (await open()).filter(({ record: { code } }) => code === record.code);
      assert.deepEqual(about.map(decision => decision.origin).includes(origin), true);
      assert.equal(about.length, 3);
      await hub.call('intake.decide', { id, choice: { as: 'drop' }, actor: 'clerk' });
      assert.ok(!(await open()).some(decision => decision.id === id));
      // What is decided is not open: the same doubt may come again.
      assert.notEqual((await take(record)).decisionId, id);
      assert.equal((await take(record, { origins: [origin] })).decisionId, id);
    });

    it('stay open when the choice is refused, and end when dropped', async () => {
      const { id } = await doubt();
      const refused = await hub.call('intake.decide', { id, choice: { as: 'new' }, actor: 'clerk' });
      assert.deepEqual([refused.outcome, refused.errors![0]!.code], ['refused', 'code-held-by-another']);
      const before = await countStaff();
      await hub.call('intake.decide', { id, choice: { as: 'drop' }, actor: 'clerk' });
      assert.equal(await countStaff(), before);
      assert.ok(!(await open()).some(decision => decision.id === id));
    });
  });
});
