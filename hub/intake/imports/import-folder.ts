import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'lienthong-import-';

const ours = new Set<string>();

/** A folder for a file that is being read; it bears the number of this process. */
export const makeImportFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  ours.add(folder);
  return folder;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, but somebody else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

/** Removes the files of hubs that were killed while they read them: they hold personal data. */
export const removeAbandonedFolders = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(tmpdir(), name);
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    // In a container every run has the same number.
    const inUse = pid === process.pid ? ours.has(folder) : isAlive(pid);
    if (!inUse) await rm(folder, { recursive: true, force: true });
  }
};
