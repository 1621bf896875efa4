import { existsSync } from 'node:fs';
import type { Log } from '#hub/platform/log.ts';

const places = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
];

/** The library of SoftHSM 2; undefined when it is not to be had, then one line in the log says what to do. */
export const findSoftHsm = async ({ log }: { cacheDir: string; log: Log }): Promise<string | undefined> => {
  const found = places.find(existsSync);
  if (found === undefined)
    log.warn(
      'SoftHSM 2 is missing: the embedded signing service is off. Install it (apt-get install softhsm2).',
    );
  return found;
};
