import { type TSchema, Type } from 'typebox';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { CloudEvent } from '#schemas/cloud-event.ts';
import { EventPage } from '#schemas/event-lease.ts';
import { openStream } from './open-stream.ts';
import { readEvent } from './read-event.ts';
import { readPage } from './read-page.ts';

const common = { method: 'GET', scope: 'events.read', tag: 'events' } as const;

const filterQuery: Record<string, TSchema> = {
  after: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'A cursor; beginning, latest, or a time in ISO 8601 with its zone',
    }),
  ),
  types: Type.Optional(
    Type.String({ maxLength: 2000, description: 'A comma list: staff.joined,unit.merged or whole types' }),
  ),
  subject: Type.Optional(Type.String({ maxLength: 120, description: 'Facts of one subject: staff/<uuid>' })),
};

/** Reading the log: a page, one fact, or all as it comes. Everywhere only what the caller's app may see. */
export const eventRoutes = (context: PartContext): Route[] => [
  {
    ...common,
    path: '/api/v1/events',
    summary: 'Facts in the order of the log, from a place on',
    description:
      'At least once, in order for each subject, with the same id at a repeat. Go on with next, which an empty page ' +
      'has too; more says that there is no need to wait. With wait an empty page takes up to that many seconds.',
    query: Type.Object({
      ...filterQuery,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      wait: Type.Optional(Type.Number({ minimum: 0, maximum: 30, description: 'Seconds' })),
    }),
    answer: EventPage,
    handle: request => readPage(context, request),
  },
  {
    ...common,
    path: '/api/v1/events/stream',
    summary: 'Facts as they come, as server-sent events',
    description:
      'id is the cursor, event the type, data the CloudEvent. Goes on behind Last-Event-ID; without it from after, ' +
      'or from now. Ends with the token: connect again with a new one and the last id.',
    query: Type.Object(filterQuery),
    handle: request => openStream(context, request),
  },
  {
    ...common,
    path: '/api/v1/events/{id}',
    summary: 'One fact by its id',
    params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
    answer: CloudEvent,
    handle: ({ caller, params }) => readEvent(context, caller, params.id!),
  },
];
