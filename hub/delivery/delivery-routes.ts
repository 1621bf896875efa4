import { Type } from 'typebox';
import type { Route } from '#hub/platform/http/route.ts';
import { DeliveryAttempt } from '#schemas/subscription.ts';
import type { ManageContext } from './manage-context.ts';
import { replay } from './replay.ts';
import { recover, resend, sendMissing } from './send-again.ts';
import { sendTest } from './send-test.ts';
import { type AttemptQuery, showAttempt, showAttempts } from './show-attempts.ts';

const common = { tag: 'subscriptions', scope: 'subscriptions.manage' } as const;
const params = Type.Object({ id: Type.String({ format: 'uuid' }) });
const path = '/api/v1/subscriptions/{id}';
const Place = Type.String({ maxLength: 200, description: '`beginning`, a cursor of the log or an ISO time' });
const only = { additionalProperties: false };
const Begun = Type.Object({ accepted: Type.Literal(true) });
const accepted = { accepted: true };

/** What is sent again, and what was said and answered. */
export const deliveryRoutes = (context: ManageContext): Route[] => [
  {
    ...common,
    method: 'POST',
    path: `${path}/test`,
    summary: 'Sends a test event (`vn.lienthong.test.v1`) and answers with what the receiver said',
    params,
    answer: Type.Object({
      delivered: Type.Boolean(),
      eventId: Type.String({ format: 'uuid' }),
      status: Type.Optional(Type.Integer()),
      errorCode: Type.Optional(Type.String()),
      durationMs: Type.Integer(),
      answer: Type.String(),
    }),
    handle: ({ caller, params: { id }, signal }) => sendTest(context, caller, id!, signal),
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/replay`,
    summary: 'Sends everything from a place on once more, in order',
    params,
    body: Type.Object({ from: Place, to: Type.Optional(Place) }, only),
    status: 202,
    answer: Begun,
    async handle(request) {
      await replay(context, request, request.params.id!, request.body as { from: string; to?: string });
      return accepted;
    },
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/recover`,
    summary: 'Sends what is dead or waits to be tried again and last failed since a time, now',
    params,
    body: Type.Object({ since: Type.String({ maxLength: 40, description: 'ISO time' }) }, only),
    status: 202,
    answer: Type.Object({ count: Type.Integer() }),
    handle: request =>
      recover(context, request, request.params.id!, (request.body as { since: string }).since),
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/resend`,
    summary: 'Sends one event once more',
    params,
    body: Type.Object({ eventId: Type.String({ format: 'uuid' }) }, only),
    status: 202,
    answer: Begun,
    async handle(request) {
      await resend(context, request, request.params.id!, (request.body as { eventId: string }).eventId);
      return accepted;
    },
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/send-missing`,
    summary: 'Sends the facts since a place of which no successful attempt is recorded',
    description:
      'Looks at 50,000 facts at most; `next` is there when more follow: ask again with it as `since`.',
    params,
    body: Type.Object({ since: Place }, only),
    status: 202,
    answer: Type.Object({ count: Type.Integer(), next: Type.Optional(Type.String()) }),
    handle: request =>
      sendMissing(context, request, request.params.id!, (request.body as { since: string }).since),
  },
  {
    ...common,
    method: 'GET',
    path: `${path}/deliveries`,
    summary: 'Lists attempts, newest first',
    params,
    query: Type.Object({
      eventId: Type.Optional(Type.String({ format: 'uuid' })),
      status: Type.Optional(
        Type.String({
          pattern: '^(delivered|failed|[1-5]\\d\\d)$',
          description: '`delivered`, `failed` or an HTTP status',
        }),
      ),
      subject: Type.Optional(Type.String({ maxLength: 200 })),
      after: Type.Optional(Type.String({ maxLength: 400, description: '`next` of the page before' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: '100 when absent' })),
    }),
    answer: Type.Object({ items: Type.Array(DeliveryAttempt), next: Type.Optional(Type.String()) }),
    handle: ({ caller, params: { id }, query }) => showAttempts(context, caller, id!, query as AttemptQuery),
  },
  {
    ...common,
    method: 'GET',
    path: `${path}/deliveries/{attemptId}`,
    summary: 'Shows an attempt with its request, as it would be sent now, and the answer',
    params: Type.Object({
      id: Type.String({ format: 'uuid' }),
      attemptId: Type.String({ format: 'uuid' }),
    }),
    answer: Type.Intersect([
      DeliveryAttempt,
      Type.Object({
        request: Type.Optional(
          Type.Object({
            url: Type.String(),
            headers: Type.Record(Type.String(), Type.String()),
            body: Type.String(),
          }),
        ),
      }),
    ]),
    handle: ({ caller, params: { id, attemptId } }) => showAttempt(context, caller, id!, attemptId!),
  },
];
