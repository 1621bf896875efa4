import { Reply } from '#hub/platform/http/route.ts';
import type { EventLease, EventPage } from '#schemas/event-lease.ts';
import type { Found } from './scan-log.ts';

const comma = Buffer.from(',');

/** An answer whose `items` are facts, from the JSON that is made already; `rest` is what stands beside them. */
export const renderPage = (
  found: readonly Found[],
  rest: Omit<EventPage, 'items'> | Omit<EventLease, 'items'>,
): Reply => {
  const body = Buffer.concat([
    Buffer.from('{"items":['),
    ...found.flatMap(({ json }, at) => (at === 0 ? [json] : [comma, json])),
    Buffer.from(`],${JSON.stringify(rest).slice(1)}`),
  ]);
  return new Reply(200, body, { 'content-type': 'application/json; charset=utf-8' });
};
