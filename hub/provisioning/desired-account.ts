import { isInScope, type UnitParents } from '#hub/platform/unit-scope.ts';
import {
  type AccountAttribute,
  accountAttributes,
  type DesiredAccount,
  emptyValue,
  keyAttributes,
  numericAttributes,
} from '#schemas/account.ts';
import type { App } from '#schemas/app.ts';
import { type Staff, staffAttributes } from '#schemas/staff.ts';
import { type AccountValues, accountValues, entitledAttributes } from './account-values.ts';

/** What the planner needs to know of an app: its rules, and what its connector can do. */
export interface AppRules {
  app: Pick<App, 'id' | 'entitlement' | 'mapping'>;
  /** Account attributes that the app can hold (the connector's manifest). */
  holds: ReadonlySet<string>;
  createsAccounts: boolean;
}

/** Results of an app's mapping expressions, by account attribute or vendor field. */
export type Mapped = Readonly<Record<string, string | number>>;

/** What a person should have in an app. `wanted`: an open account; otherwise closed or none. */
export interface Desired {
  wanted: boolean;
  /** The person will not come back by themselves: no account is ever created. */
  gone: boolean;
  /** How every app tells people apart; sent with each call, whether the app keeps it or not. */
  key: Pick<DesiredAccount, 'code' | 'username' | 'name'>;
  /** What the app keeps: this is compared. */
  values: AccountValues;
  /** What of an account the hub may empty when the person has it no more; a vendor field is `extra.<field>`. */
  erasable: ReadonlySet<string>;
}

const isAttribute = (name: string): name is AccountAttribute =>
  (accountAttributes as readonly string[]).includes(name);

const put = (values: Record<string, unknown>, name: AccountAttribute, value: string | number): void => {
  if (value === '') values[name] = emptyValue(name);
  else if (name === 'awards') values[name] = [String(value)];
  else if (!numericAttributes.includes(name)) values[name] = String(value);
  else if (Number.isInteger(Number(value))) values[name] = Number(value);
};

/** What the mapping expressions of an app may read: only what the app is entitled to. */
export const mappingInput = (staff: Staff, { app }: AppRules): AccountValues =>
  accountValues(staff, entitledAttributes(app.entitlement.attributes));

/** What the app is given by its entitlement or by a mapping, without the keys and what the app itself owns. */
const erasableOf = ({ app, holds }: AppRules, held: ReadonlySet<AccountAttribute>): Set<string> => {
  const names = new Set<string>(held);
  for (const name of Object.keys(app.mapping)) {
    if (!isAttribute(name)) names.add(`extra.${name}`);
    else if (holds.has(name)) names.add(name);
  }
  for (const name of keyAttributes) names.delete(name);
  if (app.id === staffAttributes.email.owner) names.delete('email');
  return names;
};

/**
 * Pure: a person, an app's rules and the mapping's results → what the app should hold. Values are those of
 * the entitlement that the app can hold, overlaid by the mapping; a mapped name that is no account attribute
 * is a vendor field and goes to `extra`.
 */
export const desiredAccount = (
  staff: Staff,
  rules: AppRules,
  mapped: Mapped,
  parents: UnitParents,
): Desired => {
  const entitled = entitledAttributes(rules.app.entitlement.attributes);
  const held = new Set([...entitled].filter(name => rules.holds.has(name)));
  const values: Record<string, unknown> = accountValues(staff, held);
  const extra: Record<string, string> = {};
  for (const [name, value] of Object.entries(mapped))
    if (!isAttribute(name)) extra[name] = String(value);
    else if (rules.holds.has(name)) put(values, name, value);
  if (Object.keys(extra).length > 0) values.extra = extra;
  const gone = staff.status === 'left' || !isInScope(staff, rules.app.entitlement.unitIds, parents);
  const { code, username, name } = staff;
  return {
    wanted: !gone && staff.status === 'active',
    gone,
    key: { code, username, name },
    values: values as AccountValues,
    erasable: erasableOf(rules, held),
  };
};
