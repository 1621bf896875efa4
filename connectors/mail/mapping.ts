import { ConnectorError } from '#connectors/kit/errors.ts';
import type { AppAccount, DesiredAccount } from '#schemas/account.ts';
import type { Attributes, ZimbraAccount } from './client.ts';

/** Where each of our attributes lives in Zimbra (inetOrgPerson; Zimbra's address book shows `ou` as department). */
const attributeNames = {
  code: 'employeeNumber',
  name: 'displayName',
  phone: 'telephoneNumber',
  unitCode: 'departmentNumber',
  unitName: 'ou',
  title: 'title',
} as const;
const status = 'zimbraAccountStatus';
const alias = 'zimbraMailAlias';

/** What closes an account: nobody can sign in, nothing is delivered, the mailbox stays. */
export const closed: Attributes = new Map([[status, 'closed']]);

/** What is asked of Zimbra about an account. */
export const askedAttributes: readonly string[] = [
  ...Object.values(attributeNames),
  'sn',
  'givenName',
  status,
  alias,
];

/** Attributes that no mapping expression may write: they are ours above, or they give rights. */
const isProtected = (name: string): boolean =>
  !/^[A-Za-z][A-Za-z0-9-]*$/.test(name) ||
  askedAttributes.some(own => own.toLowerCase() === name.toLowerCase()) ||
  /password|preauth|authtoken|^zimbra(is|mail(alias|deliveryaddress)|admin|id$|ace$)|^(uid|mail|cn|objectclass)$/i.test(
    name,
  );

/** `Nguyễn Văn An` → họ và tên đệm `Nguyễn Văn`, tên `An`; sn must not be empty (RFC 2798). */
export const splitName = (name: string): { sn: string; givenName: string } => {
  const words = name.trim().split(/\s+/);
  const given = words.pop() ?? '';
  return words.length === 0 ? { sn: given, givenName: '' } : { sn: words.join(' '), givenName: given };
};

/**
 * The attributes to write for an account, status included; what is absent in `desired` is left alone, what is
 * empty is removed.
 * `email` is not among them: mail owns the address. Throws `refused` for a protected `extra` name.
 */
export const toAttributes = (desired: DesiredAccount): Attributes => {
  const attributes: Attributes = new Map();
  for (const [ours, theirs] of Object.entries(attributeNames)) {
    const value = desired[ours as keyof typeof attributeNames];
    if (value !== undefined) attributes.set(theirs, value);
  }
  const { sn, givenName } = splitName(desired.name);
  attributes.set('sn', sn).set('givenName', givenName);
  attributes.set(status, desired.enabled ? 'active' : 'closed');
  for (const [name, value] of Object.entries(desired.extra ?? {})) {
    if (isProtected(name)) throw new ConnectorError('refused', `the field ${name} is not open to mappings`);
    attributes.set(name, value);
  }
  return attributes;
};

/**
 * What of `wanted` is not so yet. An account that the mail centre has locked or put under maintenance
 * stays so: only a closed one is opened again.
 */
export const differences = (account: ZimbraAccount, wanted: Attributes): Attributes => {
  const changed: Attributes = new Map();
  for (const [name, value] of wanted) {
    const values = account.attributes.get(name) ?? [];
    if (name === status && value === 'active' && (values[0] ?? 'active') !== 'closed') continue;
    const same = value === '' ? values.every(one => one === '') : values.length === 1 && values[0] === value;
    if (!same) changed.set(name, value);
  }
  return changed;
};

const localPart = (address: string): string => address.slice(0, address.lastIndexOf('@'));

/** The address that the account should have; an account is never moved to another domain. */
export const wantedAddress = (username: string, account: ZimbraAccount): string =>
  `${username.toLowerCase()}${account.name.slice(account.name.lastIndexOf('@')).toLowerCase()}`;

/** Whether one of the account's aliases is that address. */
export const hasAlias = (account: ZimbraAccount, address: string): boolean =>
  (account.attributes.get(alias) ?? []).some(one => one.toLowerCase() === address);

/** Zimbra's account in the hub's words; `extra` names further attributes to tell as they are. */
export const toAppAccount = (account: ZimbraAccount, extra: readonly string[] = []): AppAccount => {
  const values: AppAccount['values'] = { username: localPart(account.name), email: account.name };
  for (const [ours, theirs] of Object.entries(attributeNames)) {
    const value = account.attributes.get(theirs)?.[0];
    if (value) values[ours as keyof typeof attributeNames] = value;
  }
  if (extra.length > 0)
    values.extra = Object.fromEntries(
      extra.map(name => [name, account.attributes.get(name)?.[0] ?? ''] as const),
    );
  return {
    externalId: account.id,
    // locked, lockout, maintenance, pending: passing states that mail itself looks after.
    enabled: (account.attributes.get(status)?.[0] ?? 'active') !== 'closed',
    values,
  };
};
