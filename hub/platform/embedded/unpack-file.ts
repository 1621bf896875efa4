import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is wanted of the distribution. */
export interface Packed {
  /** Packages that hold it, tried in this order: releases name some differently. */
  packages: string[];
  /** The end of its path in the package: `usr/sbin/nats-server`. */
  file: string;
}

const options = [
  '-qq',
  '-oAcquire::Languages=none',
  '-oAcquire::Retries=1',
  '-oAcquire::http::Timeout=15',
  // As root, apt would fetch as the user _apt, who cannot enter our folder.
  '-oAPT::Sandbox::User=root',
  '-oAPT::Update::Post-Invoke=',
  '-oAPT::Update::Post-Invoke-Success=',
];

/**
 * Fetches a package of the distribution's own (Debian and its kin) and unpacks one file of it to `target`, without root:
 * apt works on lists and a cache of our own, and checks the signatures as always.
 *
 * @throws when there is no apt, no network, or no such package or file
 */
export const unpackFile = async (
  { packages, file }: Packed,
  target: string,
  aptGet = 'apt-get',
): Promise<void> => {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'unpack-'));
  try {
    const cache = join(work, 'cache');
    const lists = join(work, 'lists');
    await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
    await mkdir(join(lists, 'partial'), { recursive: true });
    const apt = (...more: string[]) =>
      run(aptGet, [...options, `-oDir::Cache=${cache}`, ...more], { cwd: work, timeout: 120_000 });
    const download = async (...more: string[]): Promise<void> => {
      for (const [at, name] of packages.entries())
        try {
          await apt(...more, 'download', name);
          return;
        } catch (error) {
          if (at === packages.length - 1) throw error;
        }
    };
    try {
      await download();
    } catch {
      // The machine's lists are empty or old: lists of our own. One broken third-party source is no obstacle.
      await apt(`-oDir::State::Lists=${lists}`, 'update').catch(() => {});
      await download(`-oDir::State::Lists=${lists}`);
    }
    const archive = (await readdir(work)).find(name => name.endsWith('.deb'))!;
    await run('dpkg-deb', ['--extract', archive, 'tree'], { cwd: work });
    const found = (await readdir(join(work, 'tree'), { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .find(path => path.endsWith(`/${file}`));
    if (found === undefined) throw new Error(`the package has no ${file}`);
    await copyFile(found, join(work, 'file'));
    // In one step: whoever else looks sees the whole file or none.
    await rename(join(work, 'file'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
