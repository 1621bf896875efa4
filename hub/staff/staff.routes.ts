import { Type } from 'typebox';
import type { Call } from '#hub/platform/calls.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Caller, Route } from '#hub/platform/http/route.ts';
import { createStaffViews, type StaffView, seesPerson } from '#hub/platform/staff-views.ts';
import { showHistory, showTo } from '#hub/staff/show-staff.ts';
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

const { id, version, status } = Staff.properties;
/** A person as the caller may see them: all else may be absent. */
const SeenStaff = Type.Object({ ...Type.Partial(Staff).properties, id, version, status });

const description =
  'A client of an app sees what the entitlement of the app names: attributes (`id`, `version`, `status` always) and ' +
  'people of its units and those below. Pay needs `hr.salary` as well, discipline `admin`.';

/**
 * `/api/v1/staff`: people of the register. A client of an app sees through the app's entitlement; salary only with
 * `hr.salary`, discipline only with `admin`.
 */
export const staffRoutes = (call: Call): Route[] => {
  const viewOf = createStaffViews(call);
  const seenBy = ({ names, unitIds }: StaffView) => ({
    attributes: [...names],
    ...(unitIds === undefined ? {} : { unitIds }),
  });
  const open = async (id: string, caller: Caller): Promise<{ view: StaffView | undefined; staff: Staff }> => {
    const [view, staff] = await Promise.all([viewOf(caller), call('staff.get', { id })]);
    if (!seesPerson(view, staff)) throw new AppError('unknown-staff');
    return { view, staff };
  };
  return [
    {
      method: 'GET',
      path: '/api/v1/staff',
      scope: 'hr.read',
      tag,
      summary: 'Find people by name (accents or not), staff code or user name',
      description: `${description} What may not be seen is not searched either.`,
      query: Type.Object({
        q: Type.Optional(Type.String({ maxLength: 100 })),
        unitId: Type.Optional(Type.String({ format: 'uuid' })),
        subtree: Type.Optional(Type.String({ enum: ['true', 'false'] })),
        status: Type.Optional(Type.String({ enum: ['active', 'suspended', 'left'] })),
        cursor: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
      }),
      answer: Type.Object({ items: Type.Array(SeenStaff), next: Type.Optional(Type.String()) }),
      handle: async ({ query, caller }) => {
        const { subtree, limit, ...keys } = query;
        const view = await viewOf(caller);
        const page = await call('staff.search', {
          ...keys,
          ...(view === undefined ? {} : { seen: seenBy(view) }),
          status: keys.status as 'active' | undefined,
          subtree: subtree === 'true',
          ...(limit === undefined ? {} : { limit: Number(limit) }),
        });
        return { ...page, items: page.items.map(staff => showTo(caller.scopes, view, staff)) };
      },
    },
    {
      method: 'GET',
      path: '/api/v1/staff/{id}',
      scope: 'hr.read',
      tag,
      summary: 'One person as known now',
      description,
      params: Id,
      answer: SeenStaff,
      handle: async ({ params, caller }) => {
        const { view, staff } = await open(params.id!, caller);
        return showTo(caller.scopes, view, staff);
      },
    },
    {
      method: 'GET',
      path: '/api/v1/staff/{id}/history',
      scope: 'hr.read',
      tag,
      summary: 'Every version of a person: who changed what, when, from where',
      description: `${description} Versions that tell it nothing are left out.`,
      params: Id,
      answer: Type.Object({ items: Type.Array(Version) }),
      handle: async ({ params, caller }) => {
        const { view } = await open(params.id!, caller);
        const versions = await call('staff.history', { id: params.id! });
        return { items: showHistory(caller.scopes, view, versions) };
      },
    },
  ];
};
