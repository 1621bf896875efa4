import { Type } from 'typebox';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { type StaffRole, staffRoles } from '#schemas/sign-on.ts';
import { readRoles } from '#sso/accounts/roles-store.ts';
import { setRoles } from '#sso/accounts/set-roles.ts';

const common = {
  scope: 'admin',
  tag: 'sso',
  params: Type.Object({ id: Type.String({ format: 'uuid' }) }),
} as const;

const Roles = Type.Object(
  {
    roles: Type.Array(Type.String({ enum: [...staffRoles] }), {
      uniqueItems: true,
      description:
        '`it-centre`: administers the hub; `internet`: may come from the Internet; `clerk`: hands out first passwords in their unit; `flows-editor`: draws flows; `flows-viewer`: looks at flows',
    }),
  },
  { additionalProperties: false },
);

/** What the IT centre gives a person beyond signing in. */
export const roleRoutes = ({ db, call }: PartContext): Route[] => {
  const idOf = async (params: Record<string, string>): Promise<string> =>
    (await call('staff.get', { id: params.id! })).id;
  return [
    {
      ...common,
      method: 'GET',
      path: '/api/v1/staff/{id}/roles',
      summary: "A person's roles at the hub",
      answer: Roles,
      handle: async ({ params }) => ({ roles: await readRoles(db, await idOf(params)) }),
    },
    {
      ...common,
      method: 'PUT',
      path: '/api/v1/staff/{id}/roles',
      summary: "Makes these a person's roles at the hub",
      body: Roles,
      answer: Roles,
      async handle({ params, body, caller, requestId }) {
        const { roles } = body as { roles: StaffRole[] };
        const staffId = await idOf(params);
        await setRoles({ db }, { staffId, roles, actor: actorOf(caller), requestId });
        return { roles: await readRoles(db, staffId) };
      },
    },
  ];
};
