import { Type } from 'typebox';
import type { Call } from '#hub/platform/calls.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { Finding, findingKinds, Reconciliation } from '#schemas/provisioning.ts';
import { pageOf, pageQuery, withPage } from './route-page.ts';

const tag = 'reconciliation';
const Id = Type.Object({ id: Type.String() });

/** Comparing an app with the register, and mending what was found. */
export const reconciliationRoutes = (call: Call): Route[] => [
  {
    method: 'GET',
    path: '/api/v1/reconciliations',
    scope: 'admin',
    tag,
    summary: 'Comparisons of apps with the register, newest first',
    query: Type.Object({ app: Type.Optional(Type.String()) }),
    answer: Type.Object({ items: Type.Array(Reconciliation) }),
    handle: async ({ query }) => ({ items: await call('provisioning.reconciliations', query) }),
  },
  {
    method: 'POST',
    path: '/api/v1/reconciliations',
    scope: 'admin',
    tag,
    summary: 'Compare an app with the register; changes nothing',
    body: Type.Object({ app: Type.String() }, { additionalProperties: false }),
    answer: Reconciliation,
    status: 202,
    handle: async ({ body, caller }) => {
      const { app } = body as { app: string };
      const reconciliation = await call('provisioning.reconcile', {
        app,
        actor: actorOf(caller),
      });
      return new Reply(202, reconciliation, { location: `/api/v1/reconciliations/${reconciliation.id}` });
    },
  },
  {
    method: 'GET',
    path: '/api/v1/reconciliations/{id}',
    scope: 'admin',
    tag,
    summary: 'How far a comparison is, and how many findings of each kind',
    params: Id,
    answer: Reconciliation,
    handle: async ({ params }) => call('provisioning.reconciliation', { id: params.id! }),
  },
  {
    method: 'GET',
    path: '/api/v1/reconciliations/{id}/findings',
    scope: 'admin',
    tag,
    summary: 'What a comparison found',
    description: 'Who is linked, closed or pending is counted in the comparison and is no finding.',
    params: Id,
    query: Type.Object({ kind: Type.Optional(Type.String({ enum: [...findingKinds] })), ...pageQuery }),
    answer: pageOf(Finding),
    handle: async ({ params, query }) =>
      call('provisioning.findings', { ...withPage(query), id: params.id! }),
  },
  {
    method: 'POST',
    path: '/api/v1/reconciliations/{id}/fix',
    scope: 'admin',
    tag,
    summary: 'Mend findings by kinds or ids',
    description:
      'Above the app’s limit of accounts to be disabled nothing is written: the answer is ' +
      'plan-needs-confirmation with a token, and the same choice with confirm=token passes.',
    params: Id,
    body: Type.Object(
      {
        kinds: Type.Optional(Type.Array(Type.String({ enum: [...findingKinds] }))),
        findingIds: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }))),
        confirm: Type.Optional(Type.String()),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({ queued: Type.Integer() }),
    status: 202,
    handle: async ({ params, body, caller }) =>
      new Reply(
        202,
        await call('provisioning.fix', {
          ...(body as object),
          id: params.id!,
          actor: actorOf(caller),
        }),
      ),
  },
];
