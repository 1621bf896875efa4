import { Type } from 'typebox';
import type { Call } from '#hub/platform/calls.ts';
import type { Route } from '#hub/platform/http/route.ts';
import { hiddenAttributes, showTo } from '#hub/staff/show-staff.ts';
import { Staff } from '#schemas/staff.ts';

const tag = 'staff';
const Id = Type.Object({ id: Type.String({ format: 'uuid' }) });

const Version = Type.Object({
  version: Type.Integer(),
  at: Type.String(),
  actor: Type.String(),
  source: Type.String(),
  changed: Type.Array(Type.String()),
  snapshot: Type.Record(Type.String(), Type.Unknown()),
});

/** `/api/v1/staff`: people of the register; salary only with `hr.salary`, discipline only with `admin`. */
export const staffRoutes = (call: Call): Route[] => [
  {
    method: 'GET',
    path: '/api/v1/staff',
    scope: 'hr.read',
    tag,
    summary: 'Find people by name (accents or not), staff code or user name',
    query: Type.Object({
      q: Type.Optional(Type.String({ maxLength: 100 })),
      unitId: Type.Optional(Type.String({ format: 'uuid' })),
      subtree: Type.Optional(Type.String({ enum: ['true', 'false'] })),
      status: Type.Optional(Type.String({ enum: ['active', 'suspended', 'left'] })),
      cursor: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
    }),
    answer: Type.Object({ items: Type.Array(Staff), next: Type.Optional(Type.String()) }),
    handle: async ({ query, caller }) => {
      const { subtree, limit, ...keys } = query;
      const page = await call('staff.search', {
        ...keys,
        status: keys.status as 'active' | undefined,
        subtree: subtree === 'true',
        ...(limit === undefined ? {} : { limit: Number(limit) }),
      });
      return { ...page, items: page.items.map(staff => showTo(caller.scopes, staff)) };
    },
  },
  {
    method: 'GET',
    path: '/api/v1/staff/{id}',
    scope: 'hr.read',
    tag,
    summary: 'One person as known now',
    params: Id,
    answer: Staff,
    handle: async ({ params, caller }) => showTo(caller.scopes, await call('staff.get', { id: params.id! })),
  },
  {
    method: 'GET',
    path: '/api/v1/staff/{id}/history',
    scope: 'hr.read',
    tag,
    summary: 'Every version of a person: who changed what, when, from where',
    params: Id,
    answer: Type.Object({ items: Type.Array(Version) }),
    handle: async ({ params, caller }) => {
      await call('staff.get', { id: params.id! });
      const hidden = hiddenAttributes(caller.scopes);
      const versions = await call('staff.history', { id: params.id! });
      return {
        items: versions.map(version => ({
          ...version,
          changed: version.changed.filter(name => !hidden.has(name)),
          snapshot: showTo(caller.scopes, version.snapshot),
        })),
      };
    },
  },
];
