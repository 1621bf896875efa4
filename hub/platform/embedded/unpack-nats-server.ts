import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Fetches the distribution's own package `nats-server` (Debian and its kin) and unpacks the program to
 * `target`, without root: apt works on lists and a cache of our own, and checks the signatures as always.
 *
 * @throws when there is no apt, no network, or no such package
 */
export const unpackNatsServer = async (target: string, aptGet = 'apt-get'): Promise<void> => {
  const folder = join(target, '..');
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'unpack-'));
  try {
    const cache = join(work, 'cache');
    const lists = join(work, 'lists');
    await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
    await mkdir(join(lists, 'partial'), { recursive: true });
    const options = [
      '-qq',
      `-oDir::Cache=${cache}`,
      '-oAcquire::Languages=none',
      '-oAcquire::Retries=1',
      '-oAcquire::http::Timeout=15',
      // As root, apt would fetch as the user _apt, who cannot enter our folder.
      '-oAPT::Sandbox::User=root',
      '-oAPT::Update::Post-Invoke=',
      '-oAPT::Update::Post-Invoke-Success=',
    ];
    const apt = (...more: string[]) => run(aptGet, [...options, ...more], { cwd: work, timeout: 120_000 });
    try {
      await apt('download', 'nats-server');
    } catch {
      // The machine's lists are empty or old: lists of our own. One broken third-party source is no obstacle.
      await apt(`-oDir::State::Lists=${lists}`, 'update').catch(() => {});
      await apt(`-oDir::State::Lists=${lists}`, 'download', 'nats-server');
    }
    const archive = (await readdir(work)).find(name => name.endsWith('.deb'))!;
    await run('dpkg-deb', ['--extract', archive, 'tree'], { cwd: work });
    await copyFile(join(work, 'tree', 'usr', 'sbin', 'nats-server'), join(work, 'nats-server'));
    // In one step: whoever else looks sees the whole program or none.
    await rename(join(work, 'nats-server'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
