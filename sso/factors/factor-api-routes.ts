import { Type } from 'typebox';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { removeFactors } from '#sso/factors/remove-factors.ts';

/** What the IT centre takes from a person who lost their telephone. */
export const factorApiRoutes = (context: PartContext): Route[] => [
  {
    scope: 'admin',
    tag: 'sso',
    params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
    method: 'DELETE',
    path: '/api/v1/staff/{id}/factors',
    summary: 'Takes all second factors and recovery codes from a person who has lost them',
    description:
      'Their sessions end everywhere. They set up new factors at their next sign-in on the province’s network.',
    status: 204,
    async handle({ params, caller, requestId }) {
      const { id: staffId } = await context.call('staff.get', { id: params.id! });
      await removeFactors(context, { staffId, actor: actorOf(caller), requestId });
    },
  },
];
