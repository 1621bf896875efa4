import { Type } from 'typebox';
import type { Call } from '#hub/platform/calls.ts';
import type { Route } from '#hub/platform/http/route.ts';

const Check = Type.Object({
  ok: Type.Boolean(),
  ports: Type.Array(Type.Object({ port: Type.String(), ok: Type.Boolean(), detail: Type.String() })),
});

/** `/api/v1/connectors`: what runs, how it is, and a harmless check of the real app. */
export const connectorRoutes = (call: Call): Route[] => [
  {
    method: 'GET',
    path: '/api/v1/connectors',
    scope: 'admin',
    tag: 'connectors',
    summary: 'Connectors with their state: breaker, calls in flight, last success and error',
    answer: Type.Object({ items: Type.Array(Type.Record(Type.String(), Type.Unknown())) }),
    handle: async () => ({ items: await call('connectors.list', {}) }),
  },
  {
    method: 'POST',
    path: '/api/v1/connectors/{id}/check',
    scope: 'admin',
    tag: 'connectors',
    summary: 'Call the app once, harmlessly, and tell how it went',
    params: Type.Object({ id: Type.String() }),
    answer: Check,
    handle: async ({ params }) => call('connectors.check', { id: params.id! }),
  },
];
