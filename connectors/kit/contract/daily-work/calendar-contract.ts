import assert from 'node:assert/strict';
import type { ContractCheck } from '#connectors/kit/contract/contract-check.ts';
import type { AppCalendarEntry, CalendarEntry, CalendarWeek } from '#schemas/daily-work/calendar-entry.ts';
import { failsWith } from './changes-contract.ts';

export interface CalendarSubject {
  list(week: CalendarWeek): Promise<{ items: AppCalendarEntry[] }>;
  upsert(entry: CalendarEntry): Promise<AppCalendarEntry>;
  make(): CalendarEntry;
  otherUnitCode: string;
}

/** What the calendar port promises (see `daily-work-ports.ts`). */
export const calendarContract: ContractCheck<CalendarSubject>[] = [
  {
    id: 'calendar.whole',
    title: 'keeps every field of an entry, and twice is once',
    async run({ upsert, make }) {
      const entry = make();
      const held = await upsert(entry);
      assert.deepEqual(await upsert(entry), held);
      const { externalId: _, ...rest } = held;
      assert.deepEqual(rest, entry);
      assert.equal((await upsert({ ...entry, cancelled: true })).cancelled, true);
      assert.equal((await upsert(entry)).cancelled, true);
      assert.equal((await upsert({ ...entry, cancelled: false })).cancelled, undefined);
    },
  },
  {
    id: 'calendar.week',
    title: 'lists the week of one unit from Monday to Sunday, by day and time',
    async run({ list, upsert, make, otherUnitCode }) {
      const at = async (day: string, from: string, unitCode = make().unitCode): Promise<string> => {
        const { until: _, ...entry } = make();
        return (await upsert({ ...entry, unitCode, day, from })).externalId;
      };
      const sunday = await at('2027-03-07', '07:00');
      const monday = await at('2027-03-01', '14:00');
      const early = await at('2027-03-01', '07:30');
      await at('2027-02-28', '07:00');
      await at('2027-03-08', '07:00');
      const elsewhere = await at('2027-03-03', '07:00', otherUnitCode);
      for (const day of ['2027-03-01', '2027-03-04', '2027-03-07']) {
        const { items } = await list({ unitCode: make().unitCode, day });
        assert.deepEqual(
          items.map(({ externalId }) => externalId),
          [early, monday, sunday],
        );
      }
      const { items } = await list({ unitCode: otherUnitCode, day: '2027-03-01' });
      assert.deepEqual(
        items.map(({ externalId }) => externalId),
        [elsewhere],
      );
    },
  },
  {
    id: 'calendar.bad-day',
    title: 'refuses a day that no calendar has',
    run: ({ upsert, make }) =>
      assert.rejects(upsert({ ...make(), day: '2026-02-31' }), failsWith('refused')) as Promise<void>,
  },
];
