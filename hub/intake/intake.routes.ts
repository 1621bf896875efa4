import { createHash, randomUUID } from 'node:crypto';
import { Type } from 'typebox';
import { demandSource, Source } from '#hub/intake/demand-source.ts';
import { withWords } from '#hub/intake/report-words.ts';
import type { Call } from '#hub/platform/calls.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import { HrRecord } from '#schemas/hr-record.ts';
import { Decision, RowReport } from '#schemas/intake.ts';

const tag = 'hr';

const Choice = Type.Union([
  Type.Object({ staffId: Type.String({ format: 'uuid' }) }),
  Type.Object({ as: Type.Union([Type.Literal('new'), Type.Literal('drop'), Type.Literal('again')]) }),
]);

/** `/api/v1/hr`: pushed records and the decision queue. */
export const intakeRoutes = (call: Call): Route[] => [
  {
    method: 'POST',
    path: '/api/v1/hr/records',
    scope: 'hr.write',
    tag,
    summary: 'Push records of people; each is created, changed, unchanged, refused or waits for a decision',
    description:
      'An app’s client sends as its app (`source` absent), or as a name below it (`<app>/…`); a client of no app as `push`, ' +
      'with the scope `admin` as any.',
    body: Type.Object({
      source: Type.Optional(Source),
      records: Type.Array(HrRecord, { minItems: 1, maxItems: 1000 }),
    }),
    answer: Type.Object({ results: Type.Array(RowReport) }),
    handle: async ({ body, caller, idempotencyKey, language }) => {
      const { source, records } = body as { source?: string; records: HrRecord[] };
      // A digest: a key may have 255 characters, an origin 200.
      const own = createHash('sha256')
        .update(idempotencyKey ?? randomUUID())
        .digest('base64url');
      const pusher = caller.staffId === undefined ? caller.clientId : actorOf(caller);
      const key = `push/${pusher}/${own}`;
      const results = await call('intake.take', {
        records: records.map((record, nr) => ({ origin: `${key}/${nr}`, record })),
        source: demandSource(caller, source, 'push'),
        actor: actorOf(caller),
      });
      return { results: results.map(report => withWords(report, language)) };
    },
  },
  {
    method: 'GET',
    path: '/api/v1/hr/decisions',
    scope: 'hr.write',
    tag,
    summary: 'Records that may speak of somebody known, waiting for a person to decide',
    query: Type.Object({ state: Type.Optional(Type.String({ enum: ['open', 'decided'] })) }),
    answer: Type.Object({ items: Type.Array(Decision) }),
    handle: async ({ query }) => ({ items: await call('intake.list-decisions', query) }),
  },
  {
    method: 'POST',
    path: '/api/v1/hr/decisions/{id}',
    scope: 'hr.write',
    tag,
    summary: 'Decide: this record speaks of that person, of somebody new, is dropped, or is taken again',
    params: Type.Object({ id: Type.String() }),
    body: Choice,
    answer: RowReport,
    handle: async ({ params, body, caller, language }) =>
      withWords(
        await call('intake.decide', {
          id: params.id!,
          choice: body as { staffId: string },
          actor: actorOf(caller),
        }),
        language,
      ),
  },
];
