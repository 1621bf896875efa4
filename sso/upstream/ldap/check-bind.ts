import { type Client, ResultCodeError } from 'ldapts';
import type { UpstreamIdentity } from '#sso/upstream/identity.ts';
import { DirectoryFault, withDirectory } from '#sso/upstream/ldap/directory.ts';
import { findEntry } from '#sso/upstream/ldap/read-entries.ts';
import type { LdapSource } from '#sso/upstream/source.ts';

/**
 * What directories answer to a password that is not taken: inappropriate or invalid credentials, no right to, constraint
 * violated (too many attempts), unwilling (account disabled). RFC 4511 appendix A.
 */
const refusals = new Set([19, 48, 49, 50, 53]);

const bindAs = async (client: Client, dn: string, password: string): Promise<boolean> => {
  try {
    await client.bind(dn, password);
    return true;
  } catch (error) {
    if (error instanceof ResultCodeError && refusals.has(error.code)) return false;
    throw new DirectoryFault('bind', error);
  }
};

/** What a directory says of a name and a password; `unknown`: it has not exactly one such entry. */
type BindVerdict = { outcome: 'unknown' } | { outcome: 'right' | 'wrong'; identity: UpstreamIdentity };

/** Without its mail domain, unless the directory names people by their mail addresses. */
const nameFor = ({ settings }: LdapSource, typed: string): string => {
  const name = typed.trim();
  return /mail|principal/i.test(settings.usernameAttribute) ? name : name.split('@')[0]!;
};

/**
 * Finds the person's entry and binds as it. An empty password is refused before it is sent: directories take it as a bind
 * without any authentication, and say yes (RFC 4513 §5.1.2).
 *
 * @throws {DirectoryFault}
 */
export const checkBind = async (
  source: LdapSource,
  { username, password }: { username: string; password: string },
  signal: AbortSignal,
): Promise<BindVerdict> => {
  const name = nameFor(source, username);
  if (password === '' || name === '' || name.length > 200) return { outcome: 'unknown' };
  return withDirectory(
    source.settings,
    async client => {
      const found = await findEntry(client, source, name);
      if (found === undefined) return { outcome: 'unknown' };
      const right = await bindAs(client, found.dn, password);
      return { outcome: right ? 'right' : 'wrong', identity: found.identity };
    },
    signal,
  );
};
