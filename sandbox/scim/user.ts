import type { SandboxAccount } from '#sandbox/kit/sandbox-account.ts';

export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** The provider's own extension, for what the IT centre maps by itself. */
export const own = 'urn:example:params:scim:schemas:extension:staff:1.0:User';
const core = 'urn:ietf:params:scim:schemas:core:2.0:User';

export interface Entry {
  value: string;
  type?: string;
  primary?: boolean;
}
/** A user as the provider stores it, in the shape of RFC 7643 §4.1. */
export interface UserRow {
  id: string;
  version: number;
  userName: string;
  active: boolean;
  externalId?: string;
  displayName?: string;
  title?: string;
  name?: Record<string, string>;
  emails?: Entry[];
  phoneNumbers?: Entry[];
  [enterprise]?: Record<string, string>;
  [own]?: Record<string, string>;
}

/** Which attributes a client may write, and their sub-attributes where they have some. */
export const writable: Record<string, { sub?: string[]; list?: true; flag?: true }> = {
  userName: {},
  externalId: {},
  displayName: {},
  nickName: {},
  title: {},
  active: { flag: true },
  name: { sub: ['formatted', 'familyName', 'middleName', 'givenName'] },
  emails: { list: true },
  phoneNumbers: { list: true },
  [enterprise]: { sub: ['employeeNumber', 'department', 'organization', 'division', 'costCenter'] },
  [own]: { sub: ['rank', 'grade'] },
};

export const toUser = (account: SandboxAccount): UserRow => ({
  id: account.externalId,
  version: 1,
  userName: account.username,
  active: account.enabled,
  externalId: account.code,
  displayName: account.name,
  ...(account.title === undefined ? {} : { title: account.title }),
  ...(account.email === undefined ? {} : { emails: [{ value: account.email, type: 'work', primary: true }] }),
  ...(account.phone === undefined ? {} : { phoneNumbers: [{ value: account.phone, type: 'work' }] }),
  [enterprise]: {
    employeeNumber: account.code,
    ...(account.unitName === undefined ? {} : { department: account.unitName }),
    ...(account.unitCode === undefined ? {} : { organization: account.unitCode }),
  },
});

export const toAccount = (row: UserRow): SandboxAccount => {
  const { department, organization, employeeNumber } = row[enterprise] ?? {};
  return {
    externalId: row.id,
    enabled: row.active,
    code: row.externalId ?? employeeNumber ?? '',
    username: row.userName,
    name: row.displayName ?? '',
    ...(row.emails?.[0] === undefined ? {} : { email: row.emails[0].value }),
    ...(row.phoneNumbers?.[0] === undefined ? {} : { phone: row.phoneNumbers[0].value }),
    ...(organization === undefined ? {} : { unitCode: organization }),
    ...(department === undefined ? {} : { unitName: department }),
    ...(row.title === undefined ? {} : { title: row.title }),
  };
};

/** The representation of RFC 7643 §3: what is stored, `schemas` and `meta`. */
export const show = ({ version, ...row }: UserRow): Record<string, unknown> => ({
  schemas: [core, ...[enterprise, own].filter(schema => schema in row)],
  ...row,
  meta: { resourceType: 'User', version: `W/"${version}"`, location: `/scim/v2/Users/${row.id}` },
});

const isText = (value: unknown): boolean => typeof value === 'string' && value.length <= 1000;
const isEntry = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && isText((value as Entry).value);

/** Whether a value fits an attribute (and its sub-attribute) of the schema. */
export const fits = (attribute: string, value: unknown): boolean => {
  const kind = writable[attribute];
  if (kind === undefined) return false;
  if (kind.flag) return typeof value === 'boolean';
  if (kind.list)
    return (
      Array.isArray(value) &&
      value.every(isEntry) &&
      (value as Entry[]).filter(entry => entry.primary === true).length <= 1
    );
  if (kind.sub)
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(value).every(([name, inner]) => kind.sub!.includes(name) && isText(inner))
    );
  return isText(value);
};
