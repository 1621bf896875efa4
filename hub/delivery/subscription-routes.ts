import { Type } from 'typebox';
import { decodeCursor, toPage } from '#hub/platform/http/cursor.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { NewSubscription, Subscription, SubscriptionChange } from '#schemas/subscription.ts';
import {
  changeSubscription,
  removeSubscription,
  rotateSecret,
  switchSubscription,
} from './change-subscription.ts';
import { createSubscription } from './create-subscription.ts';
import { appOf, type ManageContext, requireSubscription } from './manage-context.ts';
import { showSubscription } from './show-subscription.ts';
import { listSubscriptions } from './subscription-store.ts';

const common = { tag: 'subscriptions', scope: 'subscriptions.manage' } as const;
const params = Type.Object({ id: Type.String({ format: 'uuid' }) });
const path = '/api/v1/subscriptions/{id}';
const WithSecrets = Type.Intersect([
  Subscription,
  Type.Object({
    secrets: Type.Array(Type.String(), { description: '`whsec_…` is shown this once; `whpk_…` is public' }),
  }),
]);
const zero = '00000000-0000-0000-0000-000000000000';
const anyUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Webhook subscriptions: made, shown, changed. A client manages those of its own app, `admin` all. */
export const subscriptionRoutes = (context: ManageContext): Route[] => [
  {
    ...common,
    method: 'POST',
    path: '/api/v1/subscriptions',
    summary: 'Orders webhooks (Standard Webhooks); the secret is shown this once',
    description:
      'Each event is sent at least once, in order within its subject, with the same `webhook-id` at every repeat. ' +
      'Only 2xx is success; 410 disables. The body is a CloudEvent in structured JSON.',
    body: NewSubscription,
    status: 201,
    answer: WithSecrets,
    handle: request => createSubscription(context, request, request.body as NewSubscription),
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/subscriptions',
    summary: 'Lists subscriptions with where they stand',
    query: Type.Object({
      app: Type.Optional(Type.String()),
      cursor: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: '100 when absent' })),
    }),
    answer: Type.Object({ items: Type.Array(Subscription), next: Type.Optional(Type.String()) }),
    async handle({ caller, query }) {
      const own = appOf(caller);
      const limit = Number(query.limit ?? 100);
      const [after] = (decodeCursor(query.cursor, ['string']) ?? []) as [string?];
      if (own !== undefined && query.app !== undefined && query.app !== own) return { items: [] };
      const rows = await listSubscriptions(context.db, {
        app: own ?? query.app,
        after: after === undefined || anyUuid.test(after) ? after : zero,
        limit: limit + 1,
      });
      const { items, ...rest } = toPage(rows, limit, row => [row.id]);
      return {
        items: items.map(row => showSubscription(context.secrets, row, context.clock.now())),
        ...rest,
      };
    },
  },
  {
    ...common,
    method: 'GET',
    path,
    summary: 'Shows a subscription: its place, how far it is behind, how its receiver answers',
    params,
    answer: Subscription,
    handle: async ({ caller, params: { id } }) =>
      showSubscription(
        context.secrets,
        await requireSubscription(context.db, caller, id!),
        context.clock.now(),
      ),
  },
  {
    ...common,
    method: 'PATCH',
    path,
    summary: 'Changes a subscription',
    params,
    body: SubscriptionChange,
    answer: Subscription,
    handle: request =>
      changeSubscription(context, request, request.params.id!, request.body as SubscriptionChange),
  },
  {
    ...common,
    method: 'DELETE',
    path,
    summary: 'Ends a subscription; its attempts can no longer be seen',
    params,
    status: 204,
    async handle(request) {
      await removeSubscription(context, request, request.params.id!);
      return new Reply(204, undefined);
    },
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/rotate-secret`,
    summary: 'Gives new keys; for a while requests carry the signatures of both',
    params,
    body: Type.Object(
      {
        overlapHours: Type.Optional(
          Type.Number({
            minimum: 0,
            maximum: 168,
            description: 'How long the old ones stay valid: 24 when absent',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    answer: WithSecrets,
    handle: request =>
      rotateSecret(
        context,
        request,
        request.params.id!,
        (request.body as { overlapHours?: number }).overlapHours ?? 24,
      ),
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/pause`,
    summary: 'Stops sending; the place is kept',
    params,
    answer: Subscription,
    handle: request => switchSubscription(context, request, request.params.id!, 'paused'),
  },
  {
    ...common,
    method: 'POST',
    path: `${path}/resume`,
    summary: 'Goes on from the place where it stopped; also after it was disabled',
    params,
    answer: Subscription,
    handle: request => switchSubscription(context, request, request.params.id!, 'active'),
  },
];
