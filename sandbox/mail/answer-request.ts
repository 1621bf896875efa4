import { readFilter } from './ldap-filter.ts';
import type { Mailbox, Mailboxes } from './mailboxes.ts';
import { child, escapeXml, SoapFault, type XmlElement } from './soap-xml.ts';

const statuses = ['active', 'maintenance', 'locked', 'closed', 'lockout', 'pending'];

/** Attributes that follow from the address. */
const derived: Record<string, (mailbox: Mailbox) => string[]> = {
  uid: ({ name }) => [name.split('@')[0] ?? ''],
  zimbraId: ({ id }) => [id],
  mail: ({ name, aliases }) => [name, ...aliases],
  zimbraMailAlias: ({ aliases }) => aliases,
};
const valuesOf = (mailbox: Mailbox, name: string): string[] =>
  derived[name]?.(mailbox) ?? mailbox.attributes[name] ?? [];

const writeAccount = (mailbox: Mailbox, attrs: string | undefined): string => {
  const names = attrs ? attrs.split(',') : [...Object.keys(mailbox.attributes), ...Object.keys(derived)];
  const written = names.flatMap(name =>
    valuesOf(mailbox, name).map(value => `<a n="${escapeXml(name)}">${escapeXml(value)}</a>`),
  );
  return `<account name="${escapeXml(mailbox.name)}" id="${escapeXml(mailbox.id)}">${written.join('')}</account>`;
};

const required = (request: XmlElement, name: string): string => {
  const text = child(request, name)?.text.trim();
  if (!text) throw new SoapFault('service.INVALID_REQUEST', `invalid request: missing required ${name}`);
  return text;
};

const readAttributes = (request: XmlElement): Record<string, string[]> => {
  const read: Record<string, string[]> = {};
  for (const { name, attributes, text } of request.children) {
    if (name !== 'a') continue;
    const n = attributes.n ?? '';
    if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(n))
      throw new SoapFault('account.INVALID_ATTR_NAME', `invalid attr name: ${n}`);
    if (text.length > 1024 || (n === 'zimbraAccountStatus' && !statuses.includes(text)))
      throw new SoapFault('account.INVALID_ATTR_VALUE', `invalid attr value: ${n}=${text}`);
    read[n] = [...(read[n] ?? []), ...(text === '' ? [] : [text])];
  }
  return read;
};

/** Plays the admin requests that concern accounts; the answer is the response's attributes and content. */
export const createAnswers = (mailboxes: Mailboxes) => {
  const find = (by: string | undefined, key: string): Mailbox => {
    const mailbox = by === 'id' ? mailboxes.byId(key) : mailboxes.byAddress(key);
    if (mailbox === undefined) throw new SoapFault('account.NO_SUCH_ACCOUNT', `no such account: ${key}`);
    return mailbox;
  };
  const selected = (request: XmlElement): Mailbox =>
    find(child(request, 'account')?.attributes.by, required(request, 'account'));
  const freeAddress = (name: string): string => {
    const domain = name.split('@')[1] ?? '';
    if (!/^[^@\s]+@[^@\s]+$/.test(name))
      throw new SoapFault('service.INVALID_REQUEST', `invalid request: must be valid email address: ${name}`);
    if (domain.toLowerCase() !== mailboxes.domain)
      throw new SoapFault('account.NO_SUCH_DOMAIN', `no such domain: ${domain}`);
    if (mailboxes.byAddress(name) !== undefined)
      throw new SoapFault('account.ACCOUNT_EXISTS', `email address already exists: ${name}`);
    return name.toLowerCase();
  };
  type Answer = { attributes?: string; content: string };

  const requests: Record<string, (request: XmlElement) => Answer> = {
    CreateAccountRequest(request) {
      const attributes = readAttributes(request);
      const name = freeAddress(required(request, 'name'));
      return {
        content: writeAccount(
          mailboxes.create(name, { zimbraAccountStatus: ['active'], ...attributes }),
          undefined,
        ),
      };
    },
    GetAccountRequest: request => ({
      content: writeAccount(selected(request), request.attributes.attrs),
    }),
    ModifyAccountRequest(request) {
      const before = find('id', required(request, 'id'));
      const attributes = { ...before.attributes, ...readAttributes(request) };
      return { content: writeAccount(mailboxes.save({ ...before, attributes }), undefined) };
    },
    ChangePrimaryEmailRequest(request) {
      const before = selected(request);
      const name = freeAddress(required(request, 'newName'));
      const after = mailboxes.save({ ...before, name, aliases: [...before.aliases, before.name] });
      return { content: writeAccount(after, undefined) };
    },
    RemoveAccountAliasRequest(request) {
      const before = find('id', required(request, 'id'));
      const alias = required(request, 'alias').toLowerCase();
      if (!before.aliases.includes(alias))
        throw new SoapFault('account.NO_SUCH_ALIAS', `no such alias: ${alias}`);
      mailboxes.save({ ...before, aliases: before.aliases.filter(one => one !== alias) });
      return { content: '' };
    },
    SearchDirectoryRequest(request) {
      const { attrs, domain, limit = '0', offset = '0', maxResults = '5000' } = request.attributes;
      if (domain !== undefined && domain.toLowerCase() !== mailboxes.domain)
        throw new SoapFault('account.NO_SUCH_DOMAIN', `no such domain: ${domain}`);
      const query = child(request, 'query')?.text.trim() ?? '';
      // The search by staff code, which every change makes, goes by the index.
      const code = /^\(employeeNumber=([^*\\()]+)\)$/.exec(query)?.[1];
      const candidates = code === undefined ? mailboxes.all() : mailboxes.byCode(code);
      let found: Mailbox[];
      try {
        const matches = readFilter(query === '' ? '(zimbraId=*)' : query);
        found = candidates.filter(mailbox => matches(name => valuesOf(mailbox, name)));
      } catch {
        throw new SoapFault('service.INVALID_REQUEST', 'invalid request: bad filter');
      }
      if (Number(maxResults) > 0 && found.length > Number(maxResults))
        throw new SoapFault('account.TOO_MANY_SEARCH_RESULTS', 'number of results exceeded the limit');
      // Like Zimbra 8.7 and newer without a server-side session: cut at the page's end, then compared.
      const end = Number(offset) + (Number(limit) || found.length);
      const cut = found.slice(0, end);
      return {
        attributes: ` more="${end < cut.length ? 1 : 0}" searchTotal="${cut.length}"`,
        content: cut
          .slice(Number(offset))
          .map(mailbox => writeAccount(mailbox, attrs))
          .join(''),
      };
    },
  };

  return (request: XmlElement): Answer => {
    const answer = requests[request.name];
    if (answer === undefined)
      throw new SoapFault('service.UNKNOWN_DOCUMENT', `unknown document: ${request.name}`);
    return answer(request);
  };
};
