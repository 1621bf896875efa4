import { type Static, Type } from 'typebox';
import { nullableText } from '#connectors/kit/nullable.ts';
import { dropEmpty, emptyToNull } from '#connectors/kit/vendor-record.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';

/** An officer as the portal tells it. Fields that we do not know are let through. */
export const Officer = Type.Object({
  officer_id: Type.String({ minLength: 1 }),
  officer_code: Type.String(),
  login_name: Type.String(),
  full_name: Type.String(),
  email: nullableText,
  mobile: nullableText,
  org_code: nullableText,
  org_name: nullableText,
  position_name: nullableText,
  status: Type.Union([Type.Literal('ACTIVE'), Type.Literal('LOCKED')]),
  version: Type.Integer(),
});
export type Officer = Static<typeof Officer>;

/** Fields that no mapping expression of the IT centre may fill: the keys and the state. */
const protectedFields = ['officer_id', 'officer_code', 'login_name', 'status', 'version'];

/**
 * What is written for an account. An attribute that is absent is not mentioned, so the portal keeps what it
 * has; an empty one is null there. `extra` goes last, under the vendor's own field names.
 */
export const toOfficer = (account: DesiredAccount): Record<string, unknown> => ({
  officer_code: account.code,
  login_name: account.username,
  full_name: account.name,
  email: emptyToNull(account.email),
  mobile: emptyToNull(account.phone),
  org_code: emptyToNull(account.unitCode),
  org_name: emptyToNull(account.unitName),
  position_name: emptyToNull(account.title),
  status: account.enabled ? 'ACTIVE' : 'LOCKED',
  ...Object.fromEntries(
    Object.entries(account.extra ?? {}).filter(([field]) => !protectedFields.includes(field)),
  ),
});

export const fromOfficer = (officer: Officer): AppAccount => ({
  externalId: officer.officer_id,
  enabled: officer.status === 'ACTIVE',
  values: dropEmpty({
    code: officer.officer_code,
    username: officer.login_name,
    name: officer.full_name,
    email: officer.email ?? undefined,
    phone: officer.mobile ?? undefined,
    unitCode: officer.org_code ?? undefined,
    unitName: officer.org_name ?? undefined,
    title: officer.position_name ?? undefined,
  }),
});
