import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTokenClient, type TokenClient } from '#hub/key-service/pkcs11/token-client.ts';
import { findSoftHsm } from '#hub/platform/embedded/find-softhsm.ts';
import type { PartContext } from '#hub/platform/part.ts';

const label = 'lienthong';

/**
 * The token that the configuration names; in the sandbox profile one of SoftHSM 2 in the data folder. Undefined: there is
 * none, and the rest of the hub goes on without it.
 */
export const openToken = async ({
  config,
  log,
  secrets,
}: Pick<PartContext, 'config' | 'log' | 'secrets'>): Promise<TokenClient | undefined> => {
  const { pkcs11 } = config;
  if (pkcs11 !== undefined)
    return createTokenClient(
      {
        module: pkcs11.module,
        label: pkcs11.label,
        pin: pkcs11.pin,
        create: false,
        sessions: pkcs11.sessions,
      },
      { env: { PATH: '/usr/bin:/bin', ...pkcs11.env }, log },
    );
  if (config.profile !== 'sandbox') {
    log.info(
      'no LIENTHONG_PKCS11_MODULE: the hub keeps no signing keys. Name the library of a hardware module, or use outside signing services',
    );
    return undefined;
  }
  const module = await findSoftHsm({ cacheDir: join(config.dataDir, 'programs'), log });
  if (module === undefined) return undefined;
  const folder = join(config.dataDir, 'softhsm');
  mkdirSync(join(folder, 'tokens'), { recursive: true, mode: 0o700 });
  const settings = join(folder, 'softhsm2.conf');
  writeFileSync(
    settings,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  // Of the master key, so that a copied folder is worth nothing without it.
  const pin = secrets.keyedHash('softhsm-pin', label).toString('base64url').slice(0, 24);
  return createTokenClient(
    { module, label, pin, create: true, sessions: 4 },
    // Beside a library of our own may lie those that it needs.
    { env: { SOFTHSM2_CONF: settings, LD_LIBRARY_PATH: dirname(module) }, log },
  );
};
