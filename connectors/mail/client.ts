import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import { isFault } from './map-fault.ts';
import type { SoapSession } from './soap-session.ts';
import { textTag } from './xml.ts';

const AccountElement = Type.Object({
  '@name': Type.String({ minLength: 1 }),
  '@id': Type.String({ minLength: 1 }),
  a: Type.Optional(Type.Array(Type.Object({ '@n': Type.String(), '#text': Type.Optional(Type.String()) }))),
});
const readAccount = checkAnswer(Type.Object({ account: Type.Array(AccountElement, { minItems: 1 }) }));
const readSearch = checkAnswer(
  Type.Object({
    account: Type.Optional(Type.Array(AccountElement)),
    '@more': Type.Optional(Type.String()),
  }),
);

/** An account as Zimbra tells it: its address, its `zimbraId`, its attributes with all their values. */
export interface ZimbraAccount {
  name: string;
  id: string;
  attributes: Map<string, string[]>;
}
export type Attributes = Map<string, string>;

const toAccount = (element: Static<typeof AccountElement>): ZimbraAccount => {
  const attributes = new Map<string, string[]>();
  for (const { '@n': name, '#text': value } of element.a ?? [])
    attributes.set(name, [...(attributes.get(name) ?? []), value ?? '']);
  return { name: element['@name'], id: element['@id'], attributes };
};

const writeAttributes = (attributes: Attributes): string =>
  [...attributes].map(([n, value]) => textTag('a', value, { n })).join('');

/** The requests of Zimbra's admin service that the hub needs (zm-mailbox, store/docs/soap-admin.txt). */
export const createClient = (session: SoapSession) => {
  const account = async (
    request: string,
    attributes: Record<string, string>,
    content: string,
    signal: AbortSignal,
  ) => toAccount(readAccount(await session.call(request, attributes, content, signal)).account[0]!);

  return {
    /** Without a password: nobody can sign in by mail's own form until one is set or single sign-on is on. */
    create: (name: string, attributes: Attributes, signal: AbortSignal): Promise<ZimbraAccount> =>
      account('CreateAccount', {}, textTag('name', name) + writeAttributes(attributes), signal),

    /** `by: 'name'` also finds an account by one of its aliases. Undefined when there is none. */
    async get(
      by: 'id' | 'name',
      key: string,
      attrs: readonly string[],
      signal: AbortSignal,
    ): Promise<ZimbraAccount | undefined> {
      try {
        const options = { applyCos: '0', attrs: attrs.join(',') };
        return await account('GetAccount', options, textTag('account', key, { by }), signal);
      } catch (error) {
        if (isFault(error, 'account.NO_SUCH_ACCOUNT')) return undefined;
        throw error;
      }
    },

    /** Replaces all values of each named attribute; an empty value removes it. */
    modify: (id: string, attributes: Attributes, signal: AbortSignal): Promise<ZimbraAccount> =>
      account('ModifyAccount', {}, textTag('id', id) + writeAttributes(attributes), signal),

    /** Renames and keeps the old address as an alias (in Zimbra since July 2018). */
    changePrimaryEmail: (id: string, newName: string, signal: AbortSignal): Promise<ZimbraAccount> =>
      account(
        'ChangePrimaryEmail',
        {},
        textTag('account', id, { by: 'id' }) + textTag('newName', newName),
        signal,
      ),

    async removeAlias(id: string, alias: string, signal: AbortSignal): Promise<void> {
      await session.call('RemoveAccountAlias', {}, textTag('id', id) + textTag('alias', alias), signal);
    },

    async search(
      query: string,
      page: { domain: string; offset: number; limit: number; attrs: readonly string[] },
      signal: AbortSignal,
    ): Promise<{ accounts: ZimbraAccount[]; more: boolean }> {
      const attributes = {
        domain: page.domain,
        offset: String(page.offset),
        limit: String(page.limit),
        // Left to itself Zimbra refuses to search among more than 5,000 accounts.
        maxResults: '0',
        attrs: page.attrs.join(','),
        types: 'accounts',
        applyCos: '0',
        sortBy: 'name',
      };
      const content = textTag('query', query);
      const found = readSearch(await session.call('SearchDirectory', attributes, content, signal));
      const accounts = (found.account ?? []).map(toAccount);
      // Without a server-side session Zimbra 8.7 and newer cut the list at the page's end before they
      // compare, and so always say `more="0"`; a full page is the better sign.
      return { accounts, more: found['@more'] === '1' || accounts.length >= page.limit };
    },
  };
};
export type Client = ReturnType<typeof createClient>;
