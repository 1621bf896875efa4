import { isDeepStrictEqual } from 'node:util';
import { ScimError } from '#hub/scim/scim-error.ts';
import { type ScimObject, scimUrns } from '#schemas/scim.ts';
import { staffAttributes } from '#schemas/staff.ts';

/** What a User says of a person, by the path that says it. Several paths may say the same of the register. */
export type UserFacts = Record<FactPath, unknown>;
export type FactPath = (typeof factPaths)[number];

const factPaths = [
  'userName',
  'name.formatted',
  'name.familyName',
  'name.middleName',
  'name.givenName',
  'displayName',
  'title',
  'active',
  'emails',
  'phoneNumbers',
  'employeeNumber',
  'department',
  'staffCode',
  'status',
  'unitCode',
  'positions',
  'rank',
  'grade',
  'coefficient',
  'coefficientFrom',
  'awards',
] as const;

/** The attribute of the register that a path speaks of. */
const registerName: Record<FactPath, keyof typeof staffAttributes> = {
  userName: 'username',
  'name.formatted': 'name',
  'name.familyName': 'name',
  'name.middleName': 'name',
  'name.givenName': 'name',
  displayName: 'name',
  title: 'title',
  active: 'status',
  emails: 'email',
  phoneNumbers: 'phone',
  employeeNumber: 'code',
  department: 'unitId',
  staffCode: 'code',
  status: 'status',
  unitCode: 'unitId',
  positions: 'unitId',
  rank: 'rank',
  grade: 'grade',
  coefficient: 'coefficient',
  coefficientFrom: 'coefficientFrom',
  awards: 'awards',
};

/** Of several addresses the primary one, or the one of type work, or the first: the register keeps one. */
const oneOf = (list: unknown): unknown => {
  const items = (list ?? []) as { value?: string; type?: string; primary?: boolean }[];
  const chosen =
    items.find(item => item.primary === true) ??
    items.find(item => item.type?.toLowerCase() === 'work') ??
    items[0];
  return chosen?.value;
};

/** What a resource in its proper spelling says; undefined where it says nothing. Pure. */
export const readFacts = (user: ScimObject): UserFacts => {
  const name = (user.name ?? {}) as ScimObject;
  const enterprise = (user[scimUrns.enterpriseUser] ?? {}) as ScimObject;
  const service = (user[scimUrns.publicServiceUser] ?? {}) as ScimObject;
  return {
    userName: user.userName,
    'name.formatted': name.formatted,
    'name.familyName': name.familyName,
    'name.middleName': name.middleName,
    'name.givenName': name.givenName,
    displayName: user.displayName,
    title: user.title,
    active: user.active,
    emails: oneOf(user.emails),
    phoneNumbers: oneOf(user.phoneNumbers),
    employeeNumber: enterprise.employeeNumber,
    department: enterprise.department,
    staffCode: service.staffCode,
    status: service.status,
    unitCode: service.unitCode,
    positions: service.positions,
    rank: service.rank,
    grade: service.grade,
    coefficient: service.coefficient,
    coefficientFrom: service.coefficientFrom,
    awards: service.awards,
  };
};

/** The paths whose facts differ. Pure. */
export const changedFacts = (before: UserFacts, after: UserFacts): FactPath[] =>
  factPaths.filter(path => !isDeepStrictEqual(before[path], after[path]));

const isOwn = (path: FactPath, appId: string | undefined): boolean =>
  staffAttributes[registerName[path]].owner === appId;

/** Of changed paths those that the app owns. Pure. */
export const ownFacts = (changed: FactPath[], appId: string | undefined): FactPath[] =>
  changed.filter(path => isOwn(path, appId));

/**
 * Lets only the owner of an attribute change it (`staffAttributes`): the app whose id is the owner's. Pure.
 *
 * @throws {ScimError} 403 `mutability` with the first path that belongs to another
 */
export const requireOwner = (changed: FactPath[], appId: string | undefined): void => {
  const path = changed.find(one => !isOwn(one, appId));
  if (path !== undefined)
    throw new ScimError('not-owner', { path, owner: staffAttributes[registerName[path]].owner });
};
