import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { Reply, type Route, type RouteRequest } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { NatsConnectionDetails, NatsState } from '#schemas/nats-access.ts';
import { endAccess, grantAccess, showAccess } from './access.ts';

const common = {
  path: '/api/v1/apps/{id}/nats',
  tag: 'subscriptions',
  scope: 'subscriptions.manage',
  params: Type.Object({ id: Type.String() }),
} as const;

/** A client has a say only over its own app; `admin` over all. */
const requestOf = ({ params, caller, requestId }: RouteRequest) => {
  if (!caller.scopes.includes('admin') && caller.appId !== params.id)
    throw new AppError('insufficient-scope', { scope: 'admin' });
  return { id: params.id!, actor: actorOf(caller), requestId };
};

/** An app's way to the event log by NATS. */
export const mirrorRoutes = (context: PartContext): Route[] => [
  {
    ...common,
    method: 'PUT',
    summary: 'Gives an app access to NATS, or a new password; it is shown this once',
    description:
      'The user before works on for overlapHours (24). The app’s stream holds the facts of the last days as its entitlement shows them; at a change of the entitlement it is made anew, and facts come again with the same id.',
    body: Type.Object(
      {
        enabled: Type.Literal(true),
        overlapHours: Type.Optional(Type.Number({ minimum: 0, maximum: 168 })),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      ...NatsConnectionDetails.properties,
      user: Type.String(),
      password: Type.String({ description: 'Shown this once.' }),
    }),
    handle: async request =>
      grantAccess(context, {
        ...requestOf(request),
        hours: (request.body as { overlapHours?: number }).overlapHours ?? 24,
      }),
  },
  {
    ...common,
    method: 'GET',
    summary: "Shows an app's access to NATS, without passwords",
    answer: NatsState,
    handle: async request => showAccess(context, requestOf(request)),
  },
  {
    ...common,
    method: 'DELETE',
    summary: "Ends an app's access to NATS and removes its stream",
    status: 204,
    async handle(request) {
      await endAccess(context, requestOf(request));
      return new Reply(204, undefined);
    },
  },
];
