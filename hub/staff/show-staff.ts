import { showChanges, showStaff } from '#hub/platform/entitled-staff.ts';
import { type StaffView, seesPerson } from '#hub/platform/staff-views.ts';
import type { Scope } from '#schemas/app.ts';
import { type Staff, type StaffVersion, staffAttributes } from '#schemas/staff.ts';

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

/** What of a person or a snapshot the caller may see: by the entitlement of its app, then by its scopes. Pure. */
export const showTo = (scopes: Scope[], view: StaffView | undefined, staff: Staff): object => {
  const hidden = hiddenAttributes(scopes);
  const entitled = view === undefined ? staff : showStaff(staff, view.names);
  return Object.fromEntries(Object.entries(entitled).filter(([name]) => !hidden.has(name)));
};

/**
 * A person's versions as the caller may see them. An app is told none from when the person was outside its units,
 * and none in which nothing changed that it may know. Pure.
 */
export const showHistory = (
  scopes: Scope[],
  view: StaffView | undefined,
  versions: StaffVersion[],
): object[] => {
  const hidden = hiddenAttributes(scopes);
  return versions.flatMap(version => {
    const staff = version.snapshot as Staff;
    if (!seesPerson(view, staff)) return [];
    const entitled = view === undefined ? version.changed : showChanges(version.changed, view.names);
    if (view !== undefined && version.version > 1 && entitled.length === 0) return [];
    return {
      ...version,
      changed: entitled.filter(name => !hidden.has(name)),
      snapshot: showTo(scopes, view, staff),
    };
  });
};
