import { type AccountAttribute, accountAttributes, keyAttributes } from '#schemas/account.ts';
import { entitledAttributes } from './account-values.ts';
import type { AppRules } from './desired-account.ts';

/** What the register calls a change, in the words of accounts. A name that is not here may mean anything. */
const touches: Record<string, readonly AccountAttribute[]> = {
  ...Object.fromEntries(accountAttributes.map(name => [name, [name]])),
  positions: ['unitCode', 'unitName', 'title'],
  salary: ['rank', 'grade', 'coefficient', 'coefficientFrom'],
  birthYear: [],
  citizenNumber: [],
  disciplines: [],
};

/**
 * Whether a change of a person can change their account in an app: what the app neither may see nor can hold is
 * no work for it. `changed` undefined: anything may have changed. Pure.
 */
export const concernsApp = ({ app, holds }: AppRules, changed: ReadonlySet<string> | undefined): boolean => {
  // A mapping may read anything that the app is entitled to; a scope of units may let a person in or out.
  if (changed === undefined || Object.keys(app.mapping).length > 0) return true;
  if (changed.has('positions') && app.entitlement.unitIds !== undefined) return true;
  const entitled = entitledAttributes(app.entitlement.attributes);
  for (const change of changed) {
    const attributes = touches[change];
    if (attributes === undefined) return true;
    if (attributes.some(name => keyAttributes.includes(name) || (entitled.has(name) && holds.has(name))))
      return true;
  }
  return false;
};
