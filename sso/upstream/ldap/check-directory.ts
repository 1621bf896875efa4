import type { UpstreamCheck } from '#schemas/upstream.ts';
import { DirectoryFault, withDirectory } from '#sso/upstream/ldap/directory.ts';
import { readEntries } from '#sso/upstream/ldap/read-entries.ts';
import type { LdapSource } from '#sso/upstream/source.ts';

/** Whether the directory is reached, takes the service account and shows it people. */
export const checkDirectory = async (source: LdapSource): Promise<UpstreamCheck> => {
  try {
    const seen = await withDirectory(source.settings, async client => {
      for await (const page of readEntries(client, source)) if (page.length > 0) return true;
      return false;
    });
    return seen ? { ok: true } : { ok: false, problem: 'search', detail: 'no entries' };
  } catch (error) {
    if (!(error instanceof DirectoryFault)) throw error;
    return { ok: false, problem: error.step, detail: error.message };
  }
};
