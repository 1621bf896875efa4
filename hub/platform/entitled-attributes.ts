import type { Entitlement } from '#schemas/app.ts';

/** Pay: seen only by an app that is entitled to it, with a token of scope `hr.salary`. */
export const salaryAttributes = ['rank', 'grade', 'coefficient', 'coefficientFrom', 'salarySteps'];

/**
 * The attributes of the register that an app may see. A unit's id, code and name go together. `salary` false hides
 * pay even from an app that is entitled to it: the token has no `hr.salary`. Pure.
 */
export const entitledAttributes = (
  { attributes }: Pick<Entitlement, 'attributes'>,
  salary: boolean,
): Set<string> => {
  const names = new Set(attributes);
  if (names.has('unitCode') || names.has('unitName')) names.add('unitId');
  if (names.has('unitId')) names.add('unitCode').add('unitName');
  if (!salary) for (const name of salaryAttributes) names.delete(name);
  return names;
};
