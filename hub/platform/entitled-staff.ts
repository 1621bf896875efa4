import { salaryAttributes } from '#hub/platform/entitled-attributes.ts';
import type { Staff } from '#schemas/staff.ts';

/** Of a person always told: who it is, in the register's own key, and whether they are in service. */
const always = ['id', 'version', 'status', 'statusFrom'];

/** What the register calls a change, in the attributes that it may show in. */
const shownIn: Record<string, readonly string[]> = {
  positions: ['unitId', 'title'],
  salary: salaryAttributes,
};

/**
 * A person as an app may see them: an attribute that is not among `names` (`entitledAttributes`) is absent. Posts
 * show by their unit or their title. Pure.
 */
export const showStaff = (staff: Staff, names: ReadonlySet<string>): Record<string, unknown> => {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(staff))
    if (always.includes(name) || names.has(name)) shown[name] = value;
  if (names.has('unitId') || names.has('title'))
    shown.positions = staff.positions.map(({ title, main, from, ...unit }) => ({
      ...(names.has('unitId') ? unit : {}),
      ...(names.has('title') ? { title } : {}),
      main,
      ...(from === undefined ? {} : { from }),
    }));
  return shown;
};

/** Of the attributes that changed, those of which an app may know. Pure. */
export const showChanges = (changed: readonly string[], names: ReadonlySet<string>): string[] =>
  changed.filter(change =>
    (shownIn[change] ?? [change]).some(attribute => attribute === 'status' || names.has(attribute)),
  );
