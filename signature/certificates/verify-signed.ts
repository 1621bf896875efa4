import { constants, type KeyObject, verify } from 'node:crypto';
import { oids } from '#signature/asn1/oids.ts';
import { Fields } from '#signature/asn1/read-der.ts';
import { type Algorithm, readAlgorithm, readInteger } from '#signature/asn1/read-values.ts';

export type HashName = 'sha256' | 'sha384' | 'sha512';

/** Hashes that still hold (ETSI TS 119 312); SHA-1 and MD5 are known only to be called weak. */
const hashOf: Record<string, HashName | 'weak'> = {
  [oids.sha256]: 'sha256',
  [oids.sha384]: 'sha384',
  [oids.sha512]: 'sha512',
  [oids.sha1]: 'weak',
  '1.2.840.113549.2.5': 'weak',
};
export const hashName = (oid: string): HashName | 'weak' | undefined => hashOf[oid];

const signatures: Record<string, [keyType: string, hash: HashName | 'weak']> = {
  '1.2.840.113549.1.1.4': ['rsa', 'weak'],
  '1.2.840.113549.1.1.5': ['rsa', 'weak'],
  [oids.sha256WithRsa]: ['rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['rsa', 'sha512'],
  '1.2.840.10045.4.1': ['ec', 'weak'],
  [oids.ecdsaWithSha256]: ['ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ec', 'sha512'],
};

/** RSASSA-PSS-params (RFC 4055 §3.1); all absent means SHA-1. */
const pssOf = (algorithm: Algorithm): { hash: HashName | 'weak' | undefined; saltLength: number } => {
  if (!algorithm.parameters) return { hash: 'weak', saltLength: 20 };
  const fields = new Fields(algorithm.parameters);
  const hash = fields.optional(0xa0);
  fields.optional(0xa1);
  const salt = fields.optional(0xa2);
  return {
    hash: hash ? hashName(readAlgorithm(new Fields(hash, 0xa0).next()).oid) : 'weak',
    saltLength: salt ? Number.parseInt(readInteger(new Fields(salt, 0xa2).next()), 16) : 20,
  };
};

/** Why a signature does not hold; `undefined` when it holds. */
export type SignatureFlaw = 'signature-wrong' | 'algorithm-weak' | 'algorithm-unknown';

/**
 * Whether `signature` is this key's over `data`: RSA (PKCS#1 v1.5, PSS) from 2048 bits, ECDSA, with SHA-2.
 * `digest` is asked when the algorithm names only the key (CMS: `rsaEncryption`).
 */
export const flawOfSignature = (signed: {
  data: Uint8Array;
  signature: Uint8Array;
  algorithm: Algorithm;
  key: KeyObject;
  digest?: HashName | 'weak';
}): SignatureFlaw | undefined => {
  const { algorithm, key } = signed;
  const type = key.asymmetricKeyType;
  const pss = algorithm.oid === oids.rsaPss ? pssOf(algorithm) : undefined;
  const named = algorithm.oid === oids.rsa ? (['rsa', signed.digest] as const) : signatures[algorithm.oid];
  const hash = pss ? pss.hash : named?.[1];
  if (!hash) return 'algorithm-unknown';
  if (hash === 'weak') return 'algorithm-weak';
  if (pss ? type !== 'rsa' && type !== 'rsa-pss' : type !== named?.[0]) return 'signature-wrong';
  if (type !== 'ec' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) return 'algorithm-weak';
  const options = pss
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength }
    : { key };
  try {
    return verify(hash, signed.data, options, signed.signature) ? undefined : 'signature-wrong';
  } catch {
    return 'signature-wrong';
  }
};
