import type { AppAnswer, AppRequest } from '#sandbox/kit/app-server.ts';
import { parseBody } from '#sandbox/kit/parse-body.ts';
import { clock, filled, isoDay, orNull, text, truth } from '#sandbox/kit/rules.ts';
import type { WorkTables } from '#sandbox/kit/work-tables.ts';
import { error, invalid } from '#sandbox/portal/error.ts';
import { createByReference, type ReferencedRow } from './by-reference.ts';

/** An entry of the weekly calendar on a unit's public site. */
export interface EventRow extends ReferencedRow {
  org_code: string;
  date: string;
  start: string;
  end: string | null;
  subject: string;
  place: string | null;
  chair: string | null;
  attendees: string | null;
  cancelled: boolean;
}

/** `/api/v2/unit-sites/events`: `GET ?org_code=&from=&until=`, `PUT by-reference/{ref}`. */
export const createUnitSites = (tables: WorkTables) => {
  const table = tables.table<EventRow>('events');
  const rows = createByReference<EventRow>({
    table,
    prefix: 'EV-',
    idName: 'event_id',
    blank: {
      reference: null,
      org_code: '',
      date: '',
      start: '',
      end: null,
      subject: '',
      place: null,
      chair: null,
      attendees: null,
      cancelled: false,
    },
    rules: {
      org_code: filled,
      date: isoDay,
      start: clock,
      end: orNull(clock),
      subject: filled,
      place: text,
      chair: text,
      attendees: text,
      cancelled: truth,
    },
  });
  const list = (query: URLSearchParams): AppAnswer => {
    const [from, until] = [query.get('from') ?? '', query.get('until') ?? ''];
    if (!isoDay(from)) return invalid('from');
    if (!isoDay(until)) return invalid('until');
    const found = table.all().filter(row => row.org_code === query.get('org_code'));
    return { json: { items: found.filter(({ date }) => date >= from && date <= until).map(rows.show) } };
  };
  return {
    byHand: rows.byHand,
    handle(request: AppRequest, [events, by, reference]: string[]): AppAnswer {
      if (events !== 'events') return { status: 404, body: '404 page not found' };
      if (by === undefined && request.method === 'GET') return list(request.query);
      const body = parseBody(request.body);
      if (body === undefined) return error(400, 'malformed_json', 'JSON không hợp lệ');
      return by === 'by-reference' && reference && request.method === 'PUT'
        ? rows.put(reference, body)
        : error(405, 'method_not_allowed', request.method);
    },
  };
};
