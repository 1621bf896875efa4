import { createHash } from 'node:crypto';
import { splitName } from '#hub/platform/vietnamese/split-name.ts';
import { keepAttributes } from '#hub/scim/read/find-attribute.ts';
import { type ScimView, seesUnit } from '#hub/scim/read/open-view.ts';
import { type ScimObject, scimUrns } from '#schemas/scim.ts';
import type { FoundStaff } from '#schemas/staff-query.ts';

const work = (value: string | undefined): ScimObject[] =>
  value === undefined ? [] : [{ value, type: 'work', primary: true }];

/** Weak, as the order of attributes is ours: the version of what it shows and a digest of how this client sees it. */
export const etagOf = (version: number, resource: ScimObject, more = ''): string => {
  const digest = createHash('sha256').update(JSON.stringify(resource)).update(more).digest('hex');
  return `W/"${version}-${digest.slice(0, 10)}"`;
};

/**
 * A person as a client may see them: what it is not entitled to is absent, and so is what is empty. Who has left
 * belongs to no unit. Pure.
 */
export const showUser = (
  { staff, createdAt, updatedAt }: FoundStaff,
  view: ScimView,
  externalId: string | undefined,
): ScimObject => {
  const { tree, base } = view;
  const { family, middle, given } = splitName(staff.name);
  const unitId = staff.unitId ?? '';
  const unitIds = [...new Set(staff.positions.map(position => position.unitId))];
  const whole: ScimObject = {
    id: staff.id,
    externalId,
    userName: staff.username,
    name: {
      formatted: staff.name,
      familyName: family || undefined,
      middleName: middle || undefined,
      givenName: given,
    },
    displayName: staff.name,
    title: staff.title || undefined,
    active: staff.status === 'active',
    emails: work(staff.email),
    phoneNumbers: work(staff.phone),
    groups:
      staff.status === 'left'
        ? []
        : unitIds
            .filter(id => seesUnit(view, id))
            .flatMap(id => tree.units.get(id) ?? [])
            .map(({ id, name }) => ({
              value: id,
              $ref: `${base}/Groups/${id}`,
              display: name,
              type: 'direct',
            })),
    [scimUrns.enterpriseUser]: {
      employeeNumber: staff.code,
      organization: tree.organizationOf(unitId)?.name,
      division: tree.divisionOf(unitId)?.name,
      department: staff.unitName,
    },
    [scimUrns.publicServiceUser]: {
      staffCode: staff.code,
      status: staff.status,
      unitCode: staff.unitCode,
      positions: staff.positions.map(position => ({
        title: position.title || undefined,
        unitCode: position.unitCode,
        unitName: position.unitName,
        primary: position.main,
        from: position.from,
      })),
      rank: staff.rank,
      grade: staff.grade,
      coefficient: staff.coefficient === undefined ? undefined : staff.coefficient / 100,
      coefficientFrom: staff.coefficientFrom,
      awards: staff.awards,
    },
  };
  const seen = keepAttributes(whole, view.user);
  const version = etagOf(staff.version, seen);
  return {
    schemas: view.user.map(({ id }) => id).filter((id, at) => at === 0 || seen[id] !== undefined),
    ...seen,
    meta: {
      resourceType: 'User',
      created: createdAt,
      lastModified: updatedAt,
      location: `${base}/Users/${staff.id}`,
      version,
    },
  };
};
