import { keepAttributes } from '#hub/scim/read/find-attribute.ts';
import type { ScimView } from '#hub/scim/read/open-view.ts';
import { etagOf } from '#hub/scim/users/show-user.ts';
import { type ScimObject, scimUrns } from '#schemas/scim.ts';
import type { Unit } from '#schemas/unit.ts';

/** A unit as a group. `mark` changes with its members, whether they are shown or not. Pure. */
export const showGroup = (
  unit: Unit,
  view: ScimView,
  { mark, members }: { mark: string; members: ScimObject[] | undefined },
): ScimObject => {
  const seen = keepAttributes({ id: unit.id, displayName: unit.name }, view.group);
  const below = view.tree.childrenOf(unit.id).map(({ id, name }) => id + name);
  return {
    schemas: [scimUrns.group],
    ...seen,
    ...(members === undefined ? {} : keepAttributes({ members }, view.group)),
    meta: {
      resourceType: 'Group',
      created: `${unit.validFrom}T00:00:00.000000Z`,
      lastModified: `${unit.validFrom}T00:00:00.000000Z`,
      location: `${view.base}/Groups/${unit.id}`,
      version: etagOf(unit.version, seen, [mark, ...below.sort()].join()),
    },
  };
};
