import type { Scope } from '#schemas/app.ts';
import { staffAttributes } from '#schemas/staff.ts';

const needed: Record<string, Scope> = { salary: 'hr.salary', sensitive: 'admin' };

/** Attributes that a caller with these scopes may not see; they are absent, not blanked. */
export const hiddenAttributes = (scopes: Scope[]): Set<string> => {
  const hidden = Object.entries(staffAttributes)
    .filter(([, { sensitivity }]) => {
      const scope = needed[sensitivity];
      return scope !== undefined && !scopes.includes(scope) && !scopes.includes('admin');
    })
    .map(([name]) => name);
  return new Set(hidden.includes('coefficient') ? [...hidden, 'salary', 'salarySteps'] : hidden);
};

/** What of a person, a version or a snapshot the caller may see. */
export const showTo = <T extends object>(scopes: Scope[], value: T): T => {
  const hidden = hiddenAttributes(scopes);
  return Object.fromEntries(Object.entries(value).filter(([name]) => !hidden.has(name))) as T;
};
