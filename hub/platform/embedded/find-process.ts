import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * A process named so that a pid which was given to somebody else since is not taken for it: all `marks`
 * must be found in its command line.
 */
export interface KnownProcess {
  pid: number;
  marks: string[];
}

const commandLineOf = async (pid: number): Promise<string> => {
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)]);
  return stdout;
};

/** Whether that very process is alive. A zombie, which holds no file and no port any more, is not. */
export const isRunning = async ({ pid, marks }: KnownProcess): Promise<boolean> => {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  const line = await commandLineOf(pid).catch(() => '');
  return line !== '' && marks.every(mark => line.includes(mark));
};
