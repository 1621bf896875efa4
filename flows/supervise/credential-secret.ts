import { hkdfSync } from 'node:crypto';

/**
 * By what Node-RED encrypts the credentials of nodes: always the same for one hub, and of no use for anything else (HKDF,
 * RFC 5869, from the master key). Every process that opens them gets it over its pipe.
 */
export const credentialSecretOf = (secretKey: Buffer): string =>
  Buffer.from(hkdfSync('sha256', secretKey, 'lienthong', 'flow-credentials', 32)).toString('hex');
