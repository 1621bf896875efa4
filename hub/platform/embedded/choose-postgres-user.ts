import { execFile } from 'node:child_process';
import { chown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** How PostgreSQL's programs are run; they refuse to work as root. */
export interface PostgresUser {
  /** What the command line begins with. */
  prefix: string[];
  /** The user and group to change to, when that is the way. */
  identity: { uid: number; gid: number } | undefined;
  /** Who must own the files, seen from outside; undefined: whoever made them. */
  owner: { uid: number; gid: number } | undefined;
}

/** `nobody` and `nogroup` on Debian, and the kernel's overflow ids on every Linux. */
const nobody = 65534;

/**
 * Not root: as we are. Root: in a user namespace where we are called nobody, which needs no account and
 * leaves the files ours; where namespaces are forbidden (many containers): as nobody, who then must be able
 * to reach the data directory.
 */
export const choosePostgresUser = async (): Promise<PostgresUser> => {
  if (process.getuid?.() !== 0) return { prefix: [], identity: undefined, owner: undefined };
  const prefix = ['unshare', '--user', `--map-user=${nobody}`, '--'];
  try {
    await promisify(execFile)(prefix[0]!, [...prefix.slice(1), 'true']);
    return { prefix, identity: undefined, owner: { uid: 0, gid: 0 } };
  } catch {
    const identity = { uid: nobody, gid: nobody };
    return { prefix: [], identity, owner: identity };
  }
};

/** Gives a folder and all in it to the user, when the folder is not theirs yet (the way may have changed). */
export const giveFolder = async (folder: string, { owner }: PostgresUser): Promise<void> => {
  if (!owner || (await lstat(folder)).uid === owner.uid) return;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chown(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  // The folder itself comes last: what is cut short is then done again.
  await chown(folder, owner.uid, owner.gid);
};
