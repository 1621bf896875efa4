import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Certificate } from 'pkijs';
import type { Identity } from './issue-certificate.ts';

/** Its public half as certificates carry it: SubjectPublicKeyInfo in DER. */
export const publicKeyOf = (key: KeyObject): Buffer =>
  (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' });

export const makeKey = async (): Promise<KeyObject> =>
  (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey;

/**
 * A key and its certificate, kept as `<name>.key.pem` (readable by the owner only, without a password: it is a sandbox)
 * and `<name>.cer`. What is missing in the folder is made; without a folder everything lives in memory.
 */
export const openIdentity = async (
  folder: string | undefined,
  name: string,
  certify: (key: KeyObject) => Buffer,
): Promise<Identity> => {
  const keyFile = join(folder ?? '', `${name}.key.pem`);
  const certificateFile = join(folder ?? '', `${name}.cer`);
  const isKept = folder !== undefined && existsSync(certificateFile);
  const key = isKept ? createPrivateKey(readFileSync(keyFile)) : await makeKey();
  const der = isKept ? readFileSync(certificateFile) : certify(key);
  if (folder !== undefined && !isKept) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(keyFile, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    // Last: where it is there, the key is too.
    writeFileSync(certificateFile, der);
  }
  return { key, der, certificate: Certificate.fromBER(der) };
};
