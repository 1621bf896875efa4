import { ConnectorError } from '#connectors/kit/errors.ts';
import { dropEmpty } from '#connectors/kit/vendor-record.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';
import type { ScimUser } from './answers.ts';
import { type AttributePath, enterpriseSchema, formatPath, parsePath } from './attribute-path.ts';
import type { ScimSettings } from './settings.ts';

/** What an attribute should be: a value, or empty (undefined). What is not named is left alone. */
export interface WantedValue {
  path: AttributePath;
  value: string | boolean | undefined;
  /** The attribute is a list and ours is the entry of this type (`emails`, `phoneNumbers`). */
  type?: string;
  /** `userName` differs by more than case (RFC 7643 §4.1.1): some providers keep it in lower case. */
  ignoreCase?: true;
}

const enterprise = (attribute: string): AttributePath => ({ schema: enterpriseSchema, attribute });

/** The attribute by which people are found. */
export const codePath = ({ codeAt }: ScimSettings): AttributePath =>
  codeAt === 'employeeNumber' ? enterprise(codeAt) : { attribute: codeAt };

/** A Vietnamese name: family name first, given name last, the rest between. */
const nameParts = (name: string): (readonly [part: string, value: string | undefined])[] => {
  const words = name.split(/\s+/).filter(Boolean);
  return [
    ['formatted', name],
    ['familyName', words.length > 1 ? words[0] : undefined],
    ['middleName', words.length > 2 ? words.slice(1, -1).join(' ') : undefined],
    ['givenName', words.at(-1)],
  ];
};

/** The user name in the form that the app wants it. */
export const toUserName = (account: DesiredAccount, settings: ScimSettings): string => {
  if (settings.codeAt === 'userName') return account.code;
  return settings.userNameForm === 'address'
    ? `${account.username}@${settings.userNameDomain}`
    : account.username;
};

const fromUserName = (userName: string, settings: ScimSettings): string => {
  const suffix = `@${settings.userNameDomain}`.toLowerCase();
  return settings.codeAt !== 'userName' &&
    settings.userNameForm === 'address' &&
    userName.toLowerCase().endsWith(suffix)
    ? userName.slice(0, -suffix.length)
    : userName;
};

/** What no mapping expression of the IT centre may fill: the keys, the state, lists, what is the provider's. */
const protectedNames = [
  ...['id', 'externalid', 'username', 'active', 'schemas', 'meta', 'groups', 'password', 'emails'],
  ...['phonenumbers', 'ims', 'photos', 'addresses', 'entitlements', 'roles', 'x509certificates'],
];

const isProtected = ({ schema, attribute }: AttributePath, settings: ScimSettings): boolean => {
  const name = attribute.toLowerCase();
  if (schema === undefined) return protectedNames.includes(name);
  return schema.toLowerCase() === enterpriseSchema.toLowerCase() && name === settings.codeAt.toLowerCase();
};

const extraValues = (extra: Record<string, string>, settings: ScimSettings): WantedValue[] =>
  Object.entries(extra).flatMap(([name, value]) => {
    const path = parsePath(name);
    if (path === undefined)
      throw new ConnectorError('refused', 'a field of the mapping is not named like a SCIM attribute');
    return isProtected(path, settings) ? [] : [{ path, value: value === '' ? undefined : value }];
  });

/**
 * What is written for an account. An attribute that is absent is not mentioned, so the app keeps what it has;
 * an empty one is taken out. `extra` goes last, by the attribute's path.
 */
export const wantedValues = (account: DesiredAccount, settings: ScimSettings): WantedValue[] => {
  const wanted: WantedValue[] = [
    { path: { attribute: 'userName' }, value: toUserName(account, settings), ignoreCase: true },
    {
      path: { attribute: 'externalId' },
      value: settings.externalId === 'staffId' ? account.staffId : account.code,
    },
    { path: { attribute: 'active' }, value: account.enabled },
    { path: { attribute: 'displayName' }, value: account.name },
    ...nameParts(account.name).map(([sub, value]) => ({ path: { attribute: 'name', sub }, value })),
  ];
  const add = (path: AttributePath, value: string | undefined, type?: string): void => {
    if (value !== undefined)
      wanted.push({ path, value: value === '' ? undefined : value, ...(type === undefined ? {} : { type }) });
  };
  if (settings.codeAt === 'employeeNumber') add(codePath(settings), account.code);
  add({ attribute: 'emails' }, account.email, 'work');
  add({ attribute: 'phoneNumbers' }, account.phone, settings.phoneType);
  add({ attribute: 'title' }, account.title);
  if (settings.unitNameAt !== 'none') add(enterprise(settings.unitNameAt), account.unitName);
  if (settings.unitCodeAt !== 'none') add(enterprise(settings.unitCodeAt), account.unitCode);
  wanted.push(...extraValues(account.extra ?? {}, settings));
  // One word for each attribute: the last.
  return [...new Map(wanted.map(one => [formatPath(one.path).toLowerCase(), one])).values()];
};

type Entry = { value?: string; type?: string; primary?: boolean };

/** Our entry of a list: the one of our type, else one without a type; somebody's private address is not ours. */
export const ourEntry = (entries: readonly Entry[], type: string): number => {
  const is = (wanted: string | undefined) => (entry: Entry) => entry.type?.toLowerCase() === wanted;
  const typed = entries.findIndex(is(type));
  return typed === -1 ? entries.findIndex(is(undefined)) : typed;
};

const entryValue = (entries: readonly Entry[] = [], type: string): string | undefined =>
  entries[ourEntry(entries, type)]?.value;

/** Providers that do not keep `displayName` are trusted with the parts; `formatted` may be in western order. */
const nameOf = ({ displayName, name }: ScimUser): string | undefined =>
  displayName ||
  [name?.familyName, name?.middleName, name?.givenName].filter(Boolean).join(' ') ||
  name?.formatted;

/** The staff code of a user; undefined when the user has none. */
export const codeOf = (user: ScimUser, { codeAt }: ScimSettings): string | undefined =>
  (codeAt === 'employeeNumber' ? user[enterpriseSchema]?.employeeNumber : user[codeAt]) || undefined;

/** A provider that says nothing of `active` knows only open accounts. */
export const isActive = (user: ScimUser): boolean => user.active ?? true;

export const fromUser = (user: ScimUser, settings: ScimSettings): AppAccount => {
  const units = user[enterpriseSchema] ?? {};
  const { unitNameAt, unitCodeAt } = settings;
  return {
    externalId: user.id,
    enabled: isActive(user),
    values: dropEmpty({
      code: codeOf(user, settings),
      username: user.userName === undefined ? undefined : fromUserName(user.userName, settings),
      name: nameOf(user),
      email: entryValue(user.emails, 'work'),
      phone: entryValue(user.phoneNumbers, settings.phoneType),
      unitCode: unitCodeAt === 'none' ? undefined : units[unitCodeAt],
      unitName: unitNameAt === 'none' ? undefined : units[unitNameAt],
      title: user.title,
    }),
  };
};
