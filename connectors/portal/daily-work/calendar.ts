import { type Static, Type } from 'typebox';
import { inOrder, weekOf } from '#connectors/kit/calendar-week.ts';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { CalendarPort } from '#connectors/kit/daily-work-ports.ts';
import { nullableText } from '#connectors/kit/nullable.ts';
import { filled } from '#connectors/kit/work-values.ts';
import type { AppCalendarEntry, CalendarEntry } from '#schemas/daily-work/calendar-entry.ts';
import { type Ask, isoDay } from './ask.ts';

/** An entry of the weekly calendar on a unit's public site. */
const SiteEvent = Type.Object({
  event_id: Type.String({ minLength: 1 }),
  reference: nullableText,
  org_code: Type.String(),
  date: isoDay,
  start: Type.String(),
  end: nullableText,
  subject: Type.String(),
  place: nullableText,
  chair: nullableText,
  attendees: nullableText,
  cancelled: Type.Boolean(),
});
const checkOne = checkAnswer(SiteEvent);
const checkMany = checkAnswer(Type.Object({ items: Type.Array(SiteEvent) }));

const toEvent = (entry: CalendarEntry): object => ({
  event_id: entry.externalId,
  org_code: entry.unitCode,
  date: entry.day,
  start: entry.from,
  end: entry.until,
  subject: entry.title,
  place: entry.place,
  chair: entry.chair,
  attendees: entry.attendees,
  cancelled: entry.cancelled,
});

const fromEvent = (row: Static<typeof SiteEvent>): AppCalendarEntry => ({
  externalId: row.event_id,
  ...filled({ id: row.reference }),
  unitCode: row.org_code,
  day: row.date,
  from: row.start,
  title: row.subject,
  ...filled({ until: row.end, place: row.place, chair: row.chair, attendees: row.attendees }),
  ...(row.cancelled ? { cancelled: true } : {}),
});

/** The port `calendar`: the weekly calendar on the units' sites, which the portal serves. */
export const createCalendar = (ask: Ask): CalendarPort => ({
  async list({ unitCode, day }, { signal }) {
    const { monday, sunday } = weekOf(day);
    const query = new URLSearchParams({ org_code: unitCode, from: monday, until: sunday });
    const { items } = await ask('GET', `/unit-sites/events?${query}`, signal, checkMany);
    return { items: inOrder(items.map(fromEvent)) };
  },
  async upsert(entry, { signal }) {
    const path = `/unit-sites/events/by-reference/${encodeURIComponent(entry.id)}`;
    return fromEvent(await ask('PUT', path, signal, checkOne, toEvent(entry)));
  },
});
