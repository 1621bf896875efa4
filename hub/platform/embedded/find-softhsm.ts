import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '#hub/platform/log.ts';
import { unpackFile } from './unpack-file.ts';

const places = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
];

const loader = "import koffi from 'koffi'; koffi.load(process.argv[1]);";

/** Whether the library and all that it needs can be loaded; tried in another process, as it is used. */
const loads = async (library: string): Promise<boolean> => {
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', loader, library], {
      cwd: import.meta.dirname,
      env: { LD_LIBRARY_PATH: dirname(library) },
      timeout: 20_000,
    });
    return true;
  } catch {
    return false;
  }
};

/**
 * The library of SoftHSM 2: an installed one, the one kept in `cacheDir`, or fetched there from the distribution, with
 * the library of OpenSSL beside it where the machine has none. Undefined when it is not to be had; then one line in the
 * log says what to do.
 */
export const findSoftHsm = async (
  { cacheDir, log }: { cacheDir: string; log: Log },
  { libraries = places, aptGet }: { libraries?: string[]; aptGet?: string } = {},
): Promise<string | undefined> => {
  const folder = join(cacheDir, `softhsm-${process.platform}-${process.arch}`);
  const kept = join(folder, 'libsofthsm2.so');
  const found = libraries.find(existsSync);
  if (found !== undefined) return found;
  try {
    if (existsSync(kept) && (await loads(kept))) return kept;
    await unpackFile({ packages: ['libsofthsm2'], file: 'softhsm/libsofthsm2.so' }, kept, aptGet);
    if (await loads(kept)) return kept;
    const crypto = { packages: ['libssl3t64', 'libssl3'], file: 'libcrypto.so.3' };
    await unpackFile(crypto, join(folder, 'libcrypto.so.3'), aptGet);
    if (await loads(kept)) return kept;
    throw new Error('the library from the package cannot be loaded');
  } catch (error) {
    log.warn(
      { reason: (error as Error).message.trim().split('\n').at(-1) },
      'SoftHSM 2 is missing and could not be fetched: the sandbox has no signing keys. Install it (apt-get install softhsm2).',
    );
    return undefined;
  }
};
