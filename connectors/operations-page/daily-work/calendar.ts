import { type Static, Type } from 'typebox';
import { inOrder, weekOf } from '#connectors/kit/calendar-week.ts';
import type { CalendarPort } from '#connectors/kit/daily-work-ports.ts';
import { nullableText } from '#connectors/kit/nullable.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import { demandDay, filled } from '#connectors/kit/work-values.ts';
import type { AppCalendarEntry, CalendarEntry } from '#schemas/daily-work/calendar-entry.ts';
import { type Ask, createResourceClient } from './resource-client.ts';

/** An entry of a unit's weekly calendar as the page tells it. */
const Lich = Type.Object({
  id: Type.String({ minLength: 1 }),
  maLienThong: nullableText,
  donVi: Type.String(),
  /** dd/MM/yyyy. */
  ngay: Type.String(),
  tuGio: Type.String(),
  denGio: nullableText,
  noiDung: Type.String(),
  diaDiem: nullableText,
  chuTri: nullableText,
  thanhPhan: nullableText,
  daHuy: Type.Boolean(),
});
type Lich = Static<typeof Lich>;

const toLich = (entry: CalendarEntry): object => ({
  maLienThong: entry.id,
  id: entry.externalId,
  donVi: entry.unitCode,
  ngay: toVietnameseDay(entry.day),
  tuGio: entry.from,
  denGio: entry.until,
  noiDung: entry.title,
  diaDiem: entry.place,
  chuTri: entry.chair,
  thanhPhan: entry.attendees,
  daHuy: entry.cancelled,
});

const fromLich = (row: Lich): AppCalendarEntry => {
  return {
    externalId: row.id,
    ...filled({ id: row.maLienThong }),
    unitCode: row.donVi,
    day: demandDay(row.ngay, 'ngay'),
    from: row.tuGio,
    title: row.noiDung,
    ...filled({ until: row.denGio, place: row.diaDiem, chair: row.chuTri, attendees: row.thanhPhan }),
    ...(row.daHuy ? { cancelled: true } : {}),
  };
};

export const createCalendar = (ask: Ask, root: string): CalendarPort => {
  const path = `${root}/lich-cong-tac`;
  const client = createResourceClient(ask, path, Lich);
  const askWeek = ask(Type.Object({ danhSach: Type.Array(Lich) }));
  return {
    async list({ unitCode, day }, { signal }) {
      const { monday, sunday } = weekOf(day);
      const query = new URLSearchParams({
        donVi: unitCode,
        tuNgay: toVietnameseDay(monday),
        denNgay: toVietnameseDay(sunday),
      });
      const { danhSach } = await askWeek('GET', `${path}?${query}`, signal);
      return { items: inOrder(danhSach.map(fromLich)) };
    },
    upsert: async (entry, { signal }) => fromLich(await client.put(toLich(entry), signal)),
  };
};
