import {
  AndFilter,
  type Client,
  type Entry,
  EqualityFilter,
  FilterParser,
  SizeLimitExceededError,
} from 'ldapts';
import { directoryIssuer, type UpstreamIdentity } from '#sso/upstream/identity.ts';
import { attributeOf, step } from '#sso/upstream/ldap/directory.ts';
import type { LdapSource } from '#sso/upstream/source.ts';

const defaultFilter = '(objectClass=person)';
const idOf = (source: LdapSource): string => source.settings.idAttribute ?? 'entryUUID';

const optionsFor = (source: LdapSource) => {
  const { usernameAttribute, keyAttribute } = source.settings;
  return {
    scope: 'sub' as const,
    derefAliases: 'never' as const,
    attributes: [...new Set([idOf(source), usernameAttribute, keyAttribute])],
    // Active Directory's is bytes, which no text holds.
    explicitBufferAttributes: /guid$/i.test(idOf(source)) ? [idOf(source)] : [],
  };
};

/** An entry as an account; undefined: it lacks the number that never changes. */
const toIdentity = (source: LdapSource, entry: Entry): UpstreamIdentity | undefined => {
  const subject = attributeOf(entry, idOf(source));
  if (subject === undefined) return undefined;
  return {
    issuer: directoryIssuer(source.id),
    subject,
    username: attributeOf(entry, source.settings.usernameAttribute) ?? '',
    key: attributeOf(entry, source.settings.keyAttribute),
  };
};

/**
 * The one entry with this user name; undefined for none, and for several: nobody can say which is meant. The name is a
 * value of the filter, never a part of its text (RFC 4515).
 */
export const findEntry = async (
  client: Client,
  source: LdapSource,
  username: string,
): Promise<{ dn: string; identity: UpstreamIdentity } | undefined> => {
  const { baseDn, filter = defaultFilter, usernameAttribute } = source.settings;
  const wanted = new EqualityFilter({ attribute: usernameAttribute, value: username });
  const found = await step('search', () =>
    client
      .search(baseDn, {
        ...optionsFor(source),
        filter: new AndFilter({ filters: [FilterParser.parseString(filter), wanted] }),
        sizeLimit: 2,
      })
      .catch((error: unknown) => {
        if (error instanceof SizeLimitExceededError) return { searchEntries: [] };
        throw error;
      }),
  );
  const [entry, ...more] = found.searchEntries;
  const identity = entry && toIdentity(source, entry);
  return identity === undefined || more.length > 0 ? undefined : { dn: entry!.dn, identity };
};

/** All accounts of a directory, page by page (RFC 2696). @throws {DirectoryFault} */
export async function* readEntries(client: Client, source: LdapSource): AsyncGenerator<UpstreamIdentity[]> {
  const { baseDn, filter = defaultFilter } = source.settings;
  const pages = client.searchPaginated(baseDn, {
    ...optionsFor(source),
    filter,
    paged: { pageSize: 500 },
  });
  while (true) {
    const page = await step('search', () => pages.next());
    if (page.done) return;
    yield page.value.searchEntries.flatMap(entry => toIdentity(source, entry) ?? []);
  }
}
