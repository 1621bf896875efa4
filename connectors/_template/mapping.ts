import { type Static, Type } from 'typebox';
import { dropEmpty } from '#connectors/kit/vendor-record.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';

/** A user as the vendor tells it: only the fields that are read, each as loose as the vendor is. */
export const VendorUser = Type.Object({
  id: Type.String({ minLength: 1 }),
  staffCode: Type.String(),
  login: Type.String(),
  fullName: Type.String(),
  active: Type.Boolean(),
  mail: Type.Optional(Type.String()),
  unitCode: Type.Optional(Type.String()),
  unitName: Type.Optional(Type.String()),
});
export type VendorUser = Static<typeof VendorUser>;

/**
 * What is written. An attribute that is absent is not mentioned, so the app keeps what it has; an empty one
 * ('') empties the app's.
 */
export const toVendorUser = (account: DesiredAccount): Partial<VendorUser> => ({
  staffCode: account.code,
  login: account.username,
  fullName: account.name,
  active: account.enabled,
  ...(account.email === undefined ? {} : { mail: account.email }),
  ...(account.unitCode === undefined ? {} : { unitCode: account.unitCode }),
  ...(account.unitName === undefined ? {} : { unitName: account.unitName }),
});

/** What is read, in the hub's words. It tells exactly the attributes of `manifest.json`. */
export const fromVendorUser = (user: VendorUser): AppAccount => ({
  externalId: user.id,
  enabled: user.active,
  values: dropEmpty({
    code: user.staffCode,
    username: user.login,
    name: user.fullName,
    email: user.mail,
    unitCode: user.unitCode,
    unitName: user.unitName,
  }),
});
