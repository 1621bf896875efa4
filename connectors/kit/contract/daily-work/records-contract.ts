import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ContractCheck } from '#connectors/kit/contract/contract-check.ts';
import type { Attendance } from '#schemas/daily-work/attendance.ts';
import type { FigurePeriod, Figures } from '#schemas/daily-work/figures.ts';
import type { PersonnelFact } from '#schemas/daily-work/personnel-fact.ts';
import { failsWith } from './changes-contract.ts';

export interface AttendanceSubject {
  record(attendance: Attendance): Promise<{ at: string }>;
  staffCode: string;
}

/** What the attendance port promises (see `daily-work-ports.ts`). */
export const attendanceContract: ContractCheck<AttendanceSubject>[] = [
  {
    id: 'attendance.once',
    title: 'keeps the first record of a half-day, of each half its own',
    async run({ record, staffCode }) {
      const day = '2026-11-26';
      const first = { staffCode, day, half: 'morning', at: '2026-11-26T00:31:00.000Z' };
      assert.deepEqual(await record(first), { at: first.at });
      assert.deepEqual(await record({ ...first, at: '2026-11-26T02:00:00.000Z' }), { at: first.at });
      const later = { ...first, half: 'afternoon', at: '2026-11-26T06:31:00.000Z' };
      assert.deepEqual(await record(later), { at: later.at });
    },
  },
  {
    id: 'attendance.unknown',
    title: 'knows nobody of a staff code that the app does not have',
    run: ({ record }) =>
      assert.rejects(
        record({ staffCode: 'KHONG.CO', day: '2026-11-26', half: 'morning', at: '2026-11-26T00:31:00Z' }),
        failsWith('not-found'),
      ) as Promise<void>,
  },
];

export interface PersonnelSubject {
  record(fact: PersonnelFact): Promise<{ externalId: string }>;
  staffCode: string;
}

/** What the personnel port promises (see `daily-work-ports.ts`). */
export const personnelContract: ContractCheck<PersonnelSubject>[] = [
  {
    id: 'personnel.once',
    title: 'records a fact once, and knows nobody of a staff code that the app does not have',
    async run({ record, staffCode }) {
      const fact = {
        id: randomUUID(),
        staffCode,
        kind: 'salary-step',
        date: '2026-10-01',
        text: 'Nâng bậc 4, hệ số 3,33',
      };
      const first = await record(fact);
      assert.deepEqual(await record(fact), first);
      const award = { ...fact, id: randomUUID(), kind: 'award', text: 'Chiến sĩ thi đua cơ sở' };
      assert.notDeepEqual(await record(award), first);
      await assert.rejects(
        record({ ...fact, id: randomUUID(), staffCode: 'KHONG.CO' }),
        failsWith('not-found'),
      );
    },
  },
];

export interface StatisticsSubject {
  figures(period: FigurePeriod): Promise<Figures>;
}

/** What the statistics port promises (see `daily-work-ports.ts`). */
export const statisticsContract: ContractCheck<StatisticsSubject>[] = [
  {
    id: 'statistics.periods',
    title: 'counts the same things in a period and since the beginning, where there are never fewer',
    async run({ figures }) {
      const year = await figures({ from: '2026-01-01', until: '2026-12-31' });
      assert.ok(Object.keys(year.period).length > 0, 'something is counted');
      assert.deepEqual(Object.keys(year.period).sort(), Object.keys(year.sinceBeginning).sort());
      const all = year.sinceBeginning as Record<string, number>;
      for (const [name, count] of Object.entries(year.period)) assert.ok(count <= all[name]!, name);
      const before = await figures({ from: '1900-01-01', until: '1900-12-31' });
      for (const count of Object.values(before.sinceBeginning)) assert.equal(count, 0);
      await assert.rejects(figures({ from: '2026-02-31', until: '2026-12-31' }), failsWith('refused'));
    },
  },
];
