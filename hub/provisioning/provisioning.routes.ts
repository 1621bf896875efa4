import { Type } from 'typebox';
import type { Call } from '#hub/platform/calls.ts';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import { createStaffViews, seesPerson } from '#hub/platform/staff-views.ts';
import { Exchange, ProvisioningTask, StaffAccount } from '#schemas/provisioning.ts';
import { pageOf, pageQuery, withPage } from './route-page.ts';

const tag = 'provisioning';
const Replayed = Type.Object({ replayed: Type.Integer() });
const DeadLetter = Type.Intersect([Type.Object({ id: Type.String() }), ProvisioningTask]);

/** Accounts, tasks, dead letters and the trace of calls under `/api/v1`. */
export const provisioningRoutes = (call: Call): Route[] => {
  const viewOf = createStaffViews(call);
  return [
    {
      method: 'GET',
      path: '/api/v1/provisioning/tasks',
      scope: 'admin',
      tag,
      summary: 'The work of bringing accounts up to date, by app, state and person',
      query: Type.Object({
        app: Type.Optional(Type.String()),
        state: Type.Optional(Type.String({ enum: ['ready', 'leased', 'done', 'dead', 'held'] })),
        staffId: Type.Optional(Type.String()),
        ...pageQuery,
      }),
      answer: pageOf(ProvisioningTask),
      handle: async ({ query }) => call('provisioning.tasks', withPage(query)),
    },
    {
      method: 'GET',
      path: '/api/v1/staff/{id}/accounts',
      scope: 'hr.read',
      tag,
      summary: 'A person’s accounts in the apps, with what is still on its way',
      description: 'A client of an app sees the account in its own app, of people whom it may see.',
      params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
      answer: Type.Object({ items: Type.Array(StaffAccount) }),
      handle: async ({ params, caller }) => {
        const [view, staff] = await Promise.all([viewOf(caller), call('staff.get', { id: params.id! })]);
        if (!seesPerson(view, staff)) throw new AppError('unknown-staff');
        const items = await call('provisioning.accounts-of', { staffId: params.id! });
        if (caller.scopes.includes('admin')) return { items };
        // What an app was given may hold attributes that this caller may not see.
        return {
          items: items
            .filter(item => view === undefined || item.app === view.app)
            .map(item => ({ ...item, given: {} })),
        };
      },
    },
    {
      method: 'GET',
      path: '/api/v1/dead-letters',
      scope: 'admin',
      tag,
      summary: 'Tasks that were given up and wait for a person',
      query: Type.Object({
        app: Type.Optional(Type.String()),
        code: Type.Optional(Type.String()),
        ...pageQuery,
      }),
      answer: pageOf(DeadLetter),
      handle: async ({ query }) => call('provisioning.dead-letters', withPage(query)),
    },
    {
      method: 'POST',
      path: '/api/v1/dead-letters/{id}/replay',
      scope: 'admin',
      tag,
      summary: 'Try one dead or held task again; the id is app:person',
      params: Type.Object({ id: Type.String() }),
      answer: Replayed,
      handle: async ({ params, caller }) =>
        call('provisioning.replay', { id: params.id!, actor: actorOf(caller) }),
    },
    {
      method: 'POST',
      path: '/api/v1/dead-letters/replay',
      scope: 'admin',
      tag,
      summary: 'Try all again that the filter names; held ones are released only by state=held',
      body: Type.Object(
        {
          app: Type.Optional(Type.String()),
          code: Type.Optional(Type.String()),
          state: Type.Optional(Type.String({ enum: ['dead', 'held'] })),
        },
        { additionalProperties: false },
      ),
      answer: Replayed,
      handle: async ({ body, caller }) =>
        call('provisioning.replay', { ...(body as object), actor: actorOf(caller) }),
    },
    {
      method: 'GET',
      path: '/api/v1/messages',
      scope: 'admin',
      tag,
      summary: 'Calls made to apps, newest first, by id, person, app and outcome',
      query: Type.Object({
        id: Type.Optional(Type.String()),
        staffId: Type.Optional(Type.String()),
        app: Type.Optional(Type.String()),
        outcome: Type.Optional(Type.String({ enum: ['ok', 'failed'] })),
        ...pageQuery,
      }),
      answer: pageOf(Exchange),
      handle: async ({ query }) => call('provisioning.exchanges', withPage(query)),
    },
  ];
};
