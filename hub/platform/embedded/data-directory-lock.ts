import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process works on this data directory. `pid` is that process, when it could be read. */
export class DataDirectoryInUse extends Error {
  readonly directory: string;
  readonly pid: number | undefined;

  constructor(directory: string, pid: number | undefined) {
    super(
      `The data directory ${directory} is in use by process ${pid ?? 'unknown'}. ` +
        'Stop that process first, or choose another directory with LIENTHONG_DATA.',
    );
    this.name = 'DataDirectoryInUse';
    this.directory = directory;
    this.pid = pid;
  }
}

/** SQLITE_BUSY: https://sqlite.org/rescode.html#busy */
const busy = 5;

/**
 * Takes the data directory (made when absent) for this process alone.
 *
 * Node has no file locks of its own; SQLite, which comes with it, has. The lock belongs to the open file,
 * so the system drops it when the process ends in whatever way: nothing stale is left after `kill -9`.
 * It follows the directory itself, not the path by which it was reached.
 *
 * @throws {DataDirectoryInUse} when another process, or this one, holds it already
 */
export const lockDataDirectory = async (dataDir: string): Promise<{ release(): Promise<void> }> => {
  mkdirSync(dataDir, { recursive: true });
  const directory = realpathSync(dataDir);
  const pidFile = join(directory, 'lock.pid');
  const lock = new DatabaseSync(join(directory, 'lock.sqlite'), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== busy) throw error;
    throw new DataDirectoryInUse(directory, readPid(pidFile));
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release: async () => {
      if (lock.isOpen) lock.close();
    },
  };
};

const readPid = (file: string): number | undefined => {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
};
