import { Reply } from '#hub/platform/http/route.ts';
import type { EventLease, EventPage } from '#schemas/event-lease.ts';
import type { Found } from './scan-log.ts';

/** An answer whose `items` are facts, from the texts that are made already; `rest` is what stands beside them. */
export const renderPage = (
  found: readonly Found[],
  rest: Omit<EventPage, 'items'> | Omit<EventLease, 'items'>,
): Reply => {
  const items = found.map(({ text }) => text).join(',');
  const body = `{"items":[${items}],${JSON.stringify(rest).slice(1)}`;
  return new Reply(200, body, { 'content-type': 'application/json; charset=utf-8' });
};
