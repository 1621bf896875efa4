import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Pids of the processes whose command line names `text`. */
export const processesNaming = async (text: string): Promise<number[]> => {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,args=']);
    return stdout
      .split('\n')
      .filter(line => line.includes(text))
      .map(line => Number.parseInt(line, 10));
  }
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((pid, at) => pid !== process.pid && lines[at]!.includes(text));
};
