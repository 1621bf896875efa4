import { unsupportedFilter } from '#hub/scim/filter/match-filter.ts';
import type { Filter } from '#hub/scim/filter/parse-filter.ts';
import { findAttribute } from '#hub/scim/read/find-attribute.ts';
import type { ScimView } from '#hub/scim/read/open-view.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import { readUser, type ScimDeps } from '#hub/scim/users/read-users.ts';
import type { ScimObject } from '#schemas/scim.ts';
import { resourceSchemas } from '#schemas/scim-schemas.ts';

const isMembers = (path: string): boolean =>
  findAttribute(resourceSchemas.Group, path)?.attribute.name === 'members';

/** The ids that a filter asks for as members; any other question about members would read everybody. */
const idsIn = (filter: Filter, inside = false): string[] => {
  if ('all' in filter) return filter.all.flatMap(part => idsIn(part, inside));
  if ('any' in filter) return filter.any.flatMap(part => idsIn(part, inside));
  if ('not' in filter) return idsIn(filter.not, inside);
  if ('present' in filter) {
    if (inside || isMembers(filter.present)) throw unsupportedFilter('members pr');
    return [];
  }
  if ('where' in filter) return isMembers(filter.path) ? idsIn(filter.where, true) : [];
  const part = inside ? filter.path : findAttribute(resourceSchemas.Group, filter.path)?.sub?.name;
  if (!inside && !isMembers(filter.path)) return [];
  if (inside && part?.toLowerCase() === 'type') return [];
  const ofValue = part === undefined || part.toLowerCase() === 'value';
  if (!ofValue || filter.op !== 'eq' || typeof filter.value !== 'string')
    throw unsupportedFilter(`members ${filter.op}`);
  return [filter.value];
};

/**
 * Of each unit those members that a filter asks for by id: read by the person, not by the unit, so that it costs the
 * same however many belong to it.
 *
 * @throws {ScimError} `invalidFilter` for other questions about members
 */
export const peopleInFilter = async (
  deps: ScimDeps,
  view: ScimView,
  filter: Filter,
): Promise<(unitId: string) => ScimObject[]> => {
  const unitsOf = new Map<string, Set<string>>();
  for (const id of new Set(idsIn(filter))) {
    if (findAttribute(view.group, 'members') === undefined) continue;
    const unit = view.tree.units.get(id);
    if (unit !== undefined) {
      unitsOf.set(id, new Set(unit.parentId === undefined ? [] : [unit.parentId]));
      continue;
    }
    try {
      const { staff } = (await readUser(deps, view, id)).found;
      const units = staff.status === 'left' ? [] : staff.positions.map(({ unitId }) => unitId);
      unitsOf.set(id, new Set(units));
    } catch (error) {
      // Nobody whom the client may see: a member of nothing.
      if (!(error instanceof ScimError)) throw error;
    }
  }
  return unitId =>
    [...unitsOf].flatMap(([id, units]) =>
      units.has(unitId) ? [{ value: id, type: view.tree.units.has(id) ? 'Group' : 'User' }] : [],
    );
};
