import { Type } from 'typebox';
import { readClients } from '#hub/apps/clients-store.ts';
import { createClient } from '#hub/apps/create-client.ts';
import { disableClient } from '#hub/apps/disable-client.ts';
import { rotateClient } from '#hub/apps/rotate-client.ts';
import { setClientSignOn } from '#hub/apps/set-client-sign-on.ts';
import { getApp } from '#hub/apps/show-app.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { scopes } from '#schemas/app.ts';
import { ClientSignOn } from '#schemas/sign-on.ts';

const appId = Type.Object({ id: Type.String() });
const clientOfApp = Type.Object({ id: Type.String(), clientId: Type.String() });
const common = { tag: 'apps', scope: 'admin' } as const;
const scopeList = Type.Array(Type.String({ enum: [...scopes] }), { maxItems: scopes.length });
const moment = Type.String({ format: 'date-time' });

const ClientWithSecret = Type.Object({
  clientId: Type.String(),
  clientSecret: Type.String({ description: 'Shown this once.' }),
});
const Client = Type.Object({
  clientId: Type.String(),
  appId: Type.String(),
  scopes: scopeList,
  signOn: Type.Union([ClientSignOn, Type.Null()]),
  createdAt: moment,
  disabledAt: Type.Union([moment, Type.Null()]),
  secrets: Type.Array(Type.Object({ createdAt: moment, expiresAt: Type.Union([moment, Type.Null()]) })),
});

/** Clients of the token endpoint: what an app's programs sign in with. */
export const clientRoutes = (context: PartContext): Route[] => [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/apps/{id}/clients',
    summary: "Lists an app's clients, without secrets",
    params: appId,
    answer: Type.Object({ items: Type.Array(Client), next: Type.Optional(Type.String()) }),
    async handle({ params }) {
      const app = await getApp(context, params.id!);
      return { items: await readClients(context.db, { appId: app.id }) };
    },
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/apps/{id}/clients',
    summary: 'Makes a client; its secret is shown this once',
    params: appId,
    body: Type.Object(
      {
        clientId: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{3,60}$' })),
        scopes: scopeList,
        signOn: Type.Optional(ClientSignOn),
      },
      { additionalProperties: false },
    ),
    status: 201,
    answer: ClientWithSecret,
    async handle({ params, body, caller, requestId }) {
      const wanted = body as { clientId?: string; scopes: string[]; signOn?: ClientSignOn };
      const by = { actor: actorOf(caller), requestId };
      return createClient(context, { ...wanted, appId: params.id!, ...by });
    },
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/apps/{id}/clients/{clientId}/rotate',
    summary: 'Gives a client a new secret; the old one works on for a while',
    params: clientOfApp,
    query: Type.Object({
      overlapHours: Type.Optional(
        Type.Number({
          minimum: 0,
          maximum: 168,
          description: 'How long the old secret works: 24 when absent',
        }),
      ),
    }),
    answer: ClientWithSecret,
    handle: ({ params, query, caller, requestId }) =>
      rotateClient(context, {
        appId: params.id!,
        clientId: params.clientId!,
        overlapHours: Number(query.overlapHours ?? 24),
        actor: actorOf(caller),
        requestId,
      }),
  },
  {
    ...common,
    method: 'PUT',
    path: '/api/v1/apps/{id}/clients/{clientId}/sign-on',
    summary: 'Changes how people sign in through a client',
    params: clientOfApp,
    body: ClientSignOn,
    status: 204,
    async handle({ params, body, caller, requestId }) {
      await setClientSignOn(context, {
        appId: params.id!,
        clientId: params.clientId!,
        signOn: body as ClientSignOn,
        actor: actorOf(caller),
        requestId,
      });
      return new Reply(204, undefined);
    },
  },
  {
    ...common,
    method: 'DELETE',
    path: '/api/v1/apps/{id}/clients/{clientId}',
    summary: 'Ends a client: no more tokens; those it holds expire within five minutes',
    params: clientOfApp,
    status: 204,
    async handle({ params, caller, requestId }) {
      const by = { actor: actorOf(caller), requestId };
      await disableClient(context, { appId: params.id!, clientId: params.clientId!, ...by });
      return new Reply(204, undefined);
    },
  },
];
