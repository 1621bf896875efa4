import { KeyObject, privateEncrypt, randomUUID, X509Certificate } from 'node:crypto';
import { type LittleAuthority, makeLittleAuthority } from './little-authority.ts';

/** Who has an account at a signing service that is played. */
export interface SigningHolder {
  userId: string;
  name: string;
}
/** A key that the service keeps for a holder. */
export interface HeldKey {
  id: string;
  userId: string;
  /** Hex, as the certificate has it. */
  serialNumber: string;
  certificate: X509Certificate;
  /** Base64 of the DER: the holder's, then the issuer's. */
  chain: string[];
  revoked: boolean;
  /** PKCS#1 v1.5 over a SHA-256 that is given, base64. */
  sign(hash: Buffer): string;
}

/** `DigestInfo` of SHA-256 (RFC 8017 §9.2 note 1), the hash follows. */
const sha256Info = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** A new key for a holder. */
export const makeHeldKey = async (
  authority: LittleAuthority,
  { userId, name }: SigningHolder,
): Promise<HeldKey> => {
  const { keys, certificate } = await authority.issue(name, userId);
  const key = KeyObject.from(keys.privateKey);
  const read = new X509Certificate(certificate);
  return {
    id: randomUUID(),
    userId,
    serialNumber: read.serialNumber.toLowerCase(),
    certificate: read,
    chain: [certificate, authority.certificate].map(one => one.toString('base64')),
    revoked: false,
    sign: hash => privateEncrypt(key, Buffer.concat([sha256Info, hash])).toString('base64'),
  };
};

/** One key for each holder, from an authority of the service's own unless another is given. */
export const makeHolders = async (
  title: string,
  holders: SigningHolder[],
  authority?: LittleAuthority,
): Promise<HeldKey[]> => {
  const issuer = authority ?? (await makeLittleAuthority(title));
  return Promise.all(holders.map(holder => makeHeldKey(issuer, holder)));
};
