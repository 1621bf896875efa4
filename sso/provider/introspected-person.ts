import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Call } from '#hub/platform/calls.ts';
import type { SignOnClient } from '#schemas/sign-on.ts';
import type { StaffAccount } from '#schemas/staff.ts';
import { staffAttributes } from '#schemas/staff.ts';
import { registerOf } from '#sso/provider/find-account.ts';

type Answer = { active: boolean; sub?: string; [claim: string]: unknown };

/** Who the token is of, as far as the asking app may know: `username` (RFC 7662 §2.2) and `email`, which mail servers match. */
const tellPerson = (staff: StaffAccount, client: SignOnClient | undefined): Record<string, string> => {
  const { username, email } = staff;
  const may = (name: 'username' | 'email'): boolean =>
    client?.app != null &&
    (client.app.attributes.includes(name) || staffAttributes[name].owner === client.app.id);
  return {
    ...(may('username') ? { username } : {}),
    ...(email !== undefined && may('email') ? { email } : {}),
  };
};

/**
 * Completes what introspection tells of a person's token, from the register as it is now: the library itself never looks at
 * the person again, so a token of somebody who has left since would be active still.
 */
export const introspectedPerson =
  (call: Call): Middleware =>
  async (ctx, next) => {
    await next();
    const answer = ctx.body as Answer | undefined;
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    // By the route: the library takes the address in capitals too.
    if (oidc?.route !== 'introspection' || answer?.active !== true || answer.sub === undefined) return;
    const { client } = oidc;
    const staff = await call('staff.account', { id: answer.sub });
    ctx.body =
      staff?.status === 'active'
        ? { ...answer, ...tellPerson(staff, registerOf(client)) }
        : { active: false };
  };
