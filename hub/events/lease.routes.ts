import { Type } from 'typebox';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { Reply, type Route, type RouteRequest } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { ConsumerName, EventConsumer, EventLease, EventPlace, LeaseState } from '#schemas/event-lease.ts';
import {
  ownerOf,
  putConsumer,
  removeConsumer,
  seekConsumer,
  showConsumer,
  showConsumers,
} from './keep-consumers.ts';
import type { LeaseKey } from './lease-store.ts';
import { acknowledge, extend, release } from './settle-lease.ts';
import { takeLease } from './take-lease.ts';

const common = { scope: 'events.read', tag: 'events' } as const;
const Named = Type.Object({ name: ConsumerName });
const WithId = Type.Object({ id: Type.String({ format: 'uuid' }) });
const strict = { additionalProperties: false } as const;
const Seconds = Type.Integer({ minimum: 1, maximum: 600 });
const TypeList = Type.Array(Type.String({ maxLength: 100 }), { minItems: 1, maxItems: 100 });

const keyOf = ({ caller, params }: RouteRequest) => ({ owner: ownerOf(caller), name: params.name! });
const leaseKeyOf = ({ caller, params }: RouteRequest): LeaseKey => ({
  owner: ownerOf(caller),
  leaseId: params.id!,
});

/** Consumers, whose places the hub keeps, and the leases by which workers fetch and acknowledge. */
export const leaseRoutes = (context: PartContext): Route[] => {
  const { db, viewers } = context;
  return [
    {
      ...common,
      method: 'GET',
      path: '/api/v1/events/consumers',
      summary: "The app's consumers, where they stand and what waits",
      answer: Type.Object({ items: Type.Array(EventConsumer) }),
      handle: async ({ caller }) => showConsumers(db, ownerOf(caller), await viewers.ofCaller(caller)),
    },
    {
      ...common,
      method: 'PUT',
      path: '/api/v1/events/consumers/{name}',
      summary: 'Makes a consumer, or shows the one that there is, which keeps its place',
      params: Named,
      body: Type.Object({ from: Type.Optional(EventPlace), types: Type.Optional(TypeList) }, strict),
      answer: EventConsumer,
      async handle(request) {
        const viewer = await viewers.ofCaller(request.caller);
        const wish = request.body as { from?: string; types?: string[] };
        const createdBy = actorOf(request.caller);
        const { created } = await putConsumer(db, keyOf(request), { ...wish, createdBy });
        return new Reply(created ? 201 : 200, await showConsumer(db, keyOf(request), viewer));
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/events/consumers/{name}',
      summary: 'One consumer: where it stands, what waits, and the lease under way',
      params: Named,
      answer: EventConsumer,
      handle: async request => showConsumer(db, keyOf(request), await viewers.ofCaller(request.caller)),
    },
    {
      ...common,
      method: 'DELETE',
      path: '/api/v1/events/consumers/{name}',
      summary: 'Forgets a consumer; a lease under way is lost',
      params: Named,
      async handle(request) {
        await viewers.ofCaller(request.caller);
        await removeConsumer(db, keyOf(request));
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/events/consumers/{name}/seek',
      summary: 'Moves a consumer forward or back; a lease under way is lost',
      params: Named,
      body: Type.Object({ to: EventPlace }, strict),
      answer: EventConsumer,
      async handle(request) {
        const viewer = await viewers.ofCaller(request.caller);
        await seekConsumer(db, keyOf(request), (request.body as { to: string }).to);
        return showConsumer(db, keyOf(request), viewer);
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/events/leases',
      summary: 'Leases the next events of a consumer; one lease is open at a time',
      description:
        'What is not acknowledged when the lease ends comes again, with the same ids. Without events there are no ' +
        'items and no lease. An Idempotency-Key gives the same lease again to whoever lost the answer: a new one each time.',
      body: Type.Object(
        {
          consumer: ConsumerName,
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
          seconds: Type.Optional({ ...Seconds, default: 30 }),
          wait: Type.Optional(Type.Number({ minimum: 0, maximum: 30, description: 'Seconds' })),
        },
        strict,
      ),
      answer: EventLease,
      async handle({ body, caller, signal }) {
        const wish = body as { consumer: string; limit?: number; seconds?: number; wait?: number };
        const { consumer: name, limit = 100, seconds = 30, wait = 0 } = wish;
        const viewer = () => viewers.ofCaller(caller);
        const key = { owner: ownerOf(caller), name };
        return takeLease(context, key, viewer, { limit, seconds, waitMs: wait * 1000, signal });
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/events/leases/{id}/acknowledge',
      summary: 'Done with all that was leased, or up to one event; the rest stays leased',
      params: WithId,
      body: Type.Object(
        {
          upTo: Type.Optional(
            Type.String({ minLength: 1, maxLength: 200, description: "An event's id, or a cursor" }),
          ),
        },
        strict,
      ),
      answer: LeaseState,
      async handle(request) {
        const viewer = () => viewers.ofCaller(request.caller);
        await viewer();
        const { upTo } = request.body as { upTo?: string };
        return acknowledge(db, leaseKeyOf(request), { upTo, viewer });
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/events/leases/{id}/extend',
      summary: 'Lets a lease last so many seconds from now',
      params: WithId,
      body: Type.Object({ seconds: Seconds }, strict),
      answer: LeaseState,
      async handle(request) {
        await viewers.ofCaller(request.caller);
        return extend(db, leaseKeyOf(request), (request.body as { seconds: number }).seconds);
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/events/leases/{id}/release',
      summary: 'Gives a lease back: what is not acknowledged can be leased at once',
      params: WithId,
      async handle(request) {
        await viewers.ofCaller(request.caller);
        await release(db, leaseKeyOf(request));
      },
    },
  ];
};
