import {
  type AccountAttribute,
  accountAttributes,
  type DesiredAccount,
  keyAttributes,
} from '#schemas/account.ts';
import type { Staff } from '#schemas/staff.ts';

/** What of a person an account may hold, in the hub's words. */
export type AccountValues = Partial<Omit<DesiredAccount, 'staffId' | 'externalId' | 'enabled'>>;

const awardTitles = (staff: Staff): string[] =>
  staff.awards
    .map(award => ({ title: award.title, at: award.date ?? `${award.year ?? 0}` }))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.title < b.title ? -1 : 1))
    .map(award => award.title);

const read = (staff: Staff, attribute: AccountAttribute): unknown =>
  attribute === 'awards' ? awardTitles(staff) : staff[attribute];

/**
 * The attributes that an app may see by its entitlement, the keys always. `unitId`, the register's own word,
 * stands for the unit's code and name.
 */
export const entitledAttributes = (entitled: readonly string[]): Set<AccountAttribute> => {
  const names = new Set(entitled);
  if (names.has('unitId')) names.add('unitCode').add('unitName');
  return new Set(accountAttributes.filter(name => keyAttributes.includes(name) || names.has(name)));
};

/** A person's values of the attributes named; what the register does not know is absent. */
export const accountValues = (staff: Staff, attributes: ReadonlySet<AccountAttribute>): AccountValues => {
  const values: Record<string, unknown> = {};
  for (const attribute of attributes) {
    const value = read(staff, attribute);
    if (value !== undefined && value !== null && value !== '') values[attribute] = value;
  }
  return values as AccountValues;
};
