import type { Account, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import type { Call } from '#hub/platform/calls.ts';
import { entitledAttributes } from '#hub/platform/entitled-attributes.ts';
import type { SignOnClient } from '#schemas/sign-on.ts';
import type { StaffAccount } from '#schemas/staff.ts';

/** Claims by the scope that asks for them; those of `staff` are ours (docs/sign-on.md). */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'preferred_username'],
  email: ['email', 'email_verified'],
  staff: ['staff_code', 'unit_id', 'unit_code', 'unit_name', 'title'],
};

/** The attribute of the register that each claim tells. */
const attributeOf: Record<string, keyof StaffAccount> = {
  name: 'name',
  preferred_username: 'username',
  email: 'email',
  email_verified: 'email',
  staff_code: 'code',
  unit_id: 'unitId',
  unit_code: 'unitId',
  unit_name: 'unitId',
  title: 'title',
};

const tellClaim = (staff: StaffAccount, claim: string): unknown => {
  if (claim === 'email_verified') return staff.email === undefined ? undefined : true;
  if (claim === 'unit_code') return staff.unitCode;
  if (claim === 'unit_name') return staff.unitName;
  return staff[attributeOf[claim]!];
};

/** What a client may learn of a person: the subject for ever, and what its app's entitlement names. */
export const claimsFor = (staff: StaffAccount, client: SignOnClient | undefined): Record<string, unknown> => {
  const attributes = entitledAttributes({ attributes: client?.app?.attributes ?? [] }, false);
  const seen = Object.keys(attributeOf)
    .filter(claim => attributes.has(attributeOf[claim]!))
    .map(claim => [claim, tellClaim(staff, claim)])
    .filter(([, value]) => value !== undefined);
  return { sub: staff.id, ...Object.fromEntries(seen) };
};

/** The register's word on a client that the provider has found. */
export const registerOf = (client: unknown): SignOnClient | undefined =>
  (client as { hubClient?: SignOnClient } | undefined)?.hubClient;

/** The units of a person whom the provider has found. */
export const unitsOf = (account: Account): string[] => (account as { units?: string[] }).units ?? [];

/**
 * People are the staff register. Whoever left or is suspended is nobody here: the last line of defence at sign-on,
 * refresh and userinfo alike.
 */
export const createFindAccount =
  (call: Call): FindAccount =>
  async (ctx: KoaContextWithOIDC, id: string): Promise<Account | undefined> => {
    const staff = await call('staff.account', { id });
    if (staff === undefined || staff.status !== 'active') return undefined;
    return {
      accountId: id,
      units: staff.units,
      claims: async () => claimsFor(staff, registerOf(ctx.oidc?.client)) as { sub: string },
    };
  };
