import type { ScimView } from '#hub/scim/read/open-view.ts';
import { scimUrns } from '#schemas/scim.ts';
import type { AwardField, PostField, StaffField } from '#schemas/staff-query.ts';

/** Where the register keeps what an attribute of User shows. */
export interface Place {
  field?: StaffField | PostField | AwardField;
  /** The field is one of a post or an award, not of the person. */
  nested?: 'post' | 'award';
  /** Of a unit by its id: found among the units, asked of the register by id. */
  unit?: (unitId: string, view: ScimView) => string | undefined;
  /** The same for everybody (who has the field). */
  constant?: string | boolean;
  /** Kept by the client's own marks. */
  externalId?: true;
  /** Whether the status is `active`. */
  active?: true;
  /** A post as a group: not of those who have left. */
  group?: true;
  /** One of a list: several values, of which one is enough. */
  listed?: true;
  /** What the register multiplies by: hundredths. */
  scale?: number;
  /** An ISO 8601 day. */
  day?: true;
}

const nameOf = (unitId: string, { tree }: ScimView): string | undefined => tree.units.get(unitId)?.name;
const codeOf = (unitId: string, { tree }: ScimView): string | undefined => tree.units.get(unitId)?.code;
const { enterpriseUser: enterprise, publicServiceUser: service } = scimUrns;

/** An address that is kept once: in a list of one, always of type work. */
const single = (list: string, field: StaffField): [string, Place][] => [
  [list, { field }],
  [`${list}.value`, { field, listed: true }],
  [`${list}.type`, { field, constant: 'work', listed: true }],
  [`${list}.primary`, { field, constant: true, listed: true }],
];
const post = { nested: 'post', listed: true } as const;
const award = { nested: 'award', listed: true } as const;

const places = new Map<string, Place>([
  ['id', { field: 'id' }],
  ['externalId', { externalId: true }],
  ['meta', { constant: true }],
  ['meta.resourceType', { constant: 'User' }],
  ['meta.created', { field: 'createdAt' }],
  ['meta.lastModified', { field: 'updatedAt' }],
  ['userName', { field: 'username' }],
  ['name', { field: 'name' }],
  ['name.formatted', { field: 'name' }],
  ['name.familyName', { field: 'familyName' }],
  ['name.middleName', { field: 'middleName' }],
  ['name.givenName', { field: 'givenName' }],
  ['displayName', { field: 'name' }],
  ['title', { field: 'title' }],
  ['active', { active: true }],
  ...single('emails', 'email'),
  ...single('phoneNumbers', 'phone'),
  ['groups', { ...post, group: true }],
  ['groups.value', { ...post, group: true, field: 'unitId' }],
  ['groups.display', { ...post, group: true, unit: nameOf }],
  ['groups.type', { ...post, group: true, field: 'unitId', constant: 'direct' }],
  [`${enterprise}:employeeNumber`, { field: 'code' }],
  [`${enterprise}:organization`, { unit: (id, { tree }) => tree.organizationOf(id)?.name }],
  [`${enterprise}:division`, { unit: (id, { tree }) => tree.divisionOf(id)?.name }],
  [`${enterprise}:department`, { unit: nameOf }],
  [`${service}:staffCode`, { field: 'code' }],
  [`${service}:status`, { field: 'status' }],
  [`${service}:unitCode`, { unit: codeOf }],
  [`${service}:positions`, post],
  [`${service}:positions.title`, { ...post, field: 'title' }],
  [`${service}:positions.unitCode`, { ...post, unit: codeOf }],
  [`${service}:positions.unitName`, { ...post, unit: nameOf }],
  [`${service}:positions.primary`, { ...post, field: 'main' }],
  [`${service}:positions.from`, { ...post, field: 'from', day: true }],
  [`${service}:rank`, { field: 'rank' }],
  [`${service}:grade`, { field: 'grade' }],
  [`${service}:coefficient`, { field: 'coefficient', scale: 100 }],
  [`${service}:coefficientFrom`, { field: 'coefficientFrom', day: true }],
  [`${service}:awards`, award],
  [`${service}:awards.title`, { ...award, field: 'title' }],
  [`${service}:awards.date`, { ...award, field: 'date', day: true }],
  [`${service}:awards.year`, { ...award, field: 'year' }],
  [`${service}:awards.number`, { ...award, field: 'number' }],
]);

/** By a path in its proper spelling; undefined for what cannot be asked for. */
export const placeOf = (path: string): Place | undefined => places.get(path);
