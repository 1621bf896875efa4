import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { PartContext } from '#hub/platform/part.ts';
import type { StaffRole } from '#schemas/sign-on.ts';
import type { Staff } from '#schemas/staff.ts';
import { readRoles } from '#sso/accounts/roles-store.ts';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { signInFor } from '#sso/bridge/sign-in-for.ts';
import { sessionOf } from '#sso/sessions/signed-in.ts';

/** Who looks at a page of ours. */
export interface Visitor {
  staff: Staff;
  roles: StaffRole[];
  /** The session, to which forms are bound. */
  uid: string;
}

/** Who is signed in, and still active. Undefined: nobody is, and the browser is on its way to sign in and come back. */
export const visitorOf = async (
  ctx: Context,
  { context, bridge, provider }: { context: PartContext; bridge: Bridge; provider(): Promise<Provider> },
): Promise<Visitor | undefined> => {
  const session = await sessionOf(await provider(), ctx);
  if (session !== undefined) {
    const [[staff], roles] = await Promise.all([
      context.call('staff.snapshots', { ids: [session.staffId] }),
      readRoles(context.db, session.staffId),
    ]);
    if (staff?.status === 'active') return { staff, roles, uid: session.uid };
  }
  signInFor(bridge, ctx, `/sso${ctx.path}`);
  return undefined;
};
