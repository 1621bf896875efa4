import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';
import type { AccountAttribute } from '#schemas/account.ts';
import { type PlantedDrift, plantDrift } from './drift.ts';
import { generateStaff, type ProvinceStaff } from './generate-staff.ts';
import { readUnits } from './units.ts';

/** Everything of the sandbox comes out of this number. */
export const seed = 20180803;
/** A domain that can never exist (RFC 2606). */
export const domain = 'lienthong.example';

const basic: AccountAttribute[] = [
  'code',
  'username',
  'name',
  'email',
  'phone',
  'unitCode',
  'unitName',
  'title',
];
const personal: AccountAttribute[] = [...basic, 'gender', 'birthDate'];

/** What each app keeps of a person. */
export const attributesOf: Record<string, AccountAttribute[]> = {
  'operations-page': [...personal, 'rank', 'grade', 'coefficient', 'coefficientFrom', 'awards'],
  'document-system': personal,
  directives: basic,
  portal: basic,
  mail: ['code', 'username', 'name', 'phone', 'unitCode', 'unitName', 'title'],
};

/** The province's people, in the order of their staff codes: the order in which user names are numbered. */
export const makeProvince = (count: number): ProvinceStaff[] =>
  generateStaff({ seed, count, units: readUnits() }).sort((a, b) => (a.record.code < b.record.code ? -1 : 1));

/** What an app starts with, and what is wrong in it. */
export const startingAccounts = (
  app: string,
  staff: ProvinceStaff[],
): { accounts: SandboxAccount[]; planted: PlantedDrift[] } => {
  const { accounts, planted } = plantDrift({ seed, app, staff, attributes: attributesOf[app]! });
  return {
    accounts: accounts.map(({ externalId, enabled, values }) => ({
      externalId,
      enabled,
      code: '',
      ...values,
    })) as SandboxAccount[],
    planted,
  };
};
