import { CscError } from '#hub/key-service/csc/csc-error.ts';
import { readBase64 } from '#hub/key-service/csc/read-base64.ts';
import type { KeyAlgorithm } from '#schemas/signer.ts';

const sha256 = '2.16.840.1.101.3.4.2.1';
const rsa = '1.2.840.113549.1.1.1';
const rsaWithSha256 = '1.2.840.113549.1.1.11';
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

/** What a key signs with, as `credentials/info` tells it: the first says the hash as well. */
const signAlgorithmsOf = (algorithm: KeyAlgorithm): string[] =>
  algorithm === 'ec-p256' ? [ecdsaWithSha256] : [rsaWithSha256, rsa];

export const signAlgorithms = [rsaWithSha256, rsa, ecdsaWithSha256];

/** `key` of `credentials/info`, without its status. */
export const keyOf = (algorithm: KeyAlgorithm) => ({
  algo: signAlgorithmsOf(algorithm),
  len: algorithm === 'ec-p256' ? 256 : Number(algorithm.slice('rsa-'.length)),
  ...(algorithm === 'ec-p256' ? { curve: '1.2.840.10045.3.1.7' } : {}),
});

/** Hashes with their algorithm, as either version names them. */
interface GivenHashes {
  /** v2 */
  hashes?: string[];
  hashAlgorithmOID?: string;
  /** v1 */
  hash?: string[];
  hashAlgo?: string;
}

/** SHA-256 hashes in plain base64. @throws CscError */
export const readHashes = (given: GivenHashes): string[] => {
  const name = given.hashes === undefined ? 'hash' : 'hashes';
  const hashes = given[name];
  if (hashes === undefined) throw new CscError('Missing (or invalid type) array parameter hashes');
  if ((given.hashAlgorithmOID ?? given.hashAlgo ?? sha256) !== sha256)
    throw new CscError('Invalid parameter hashAlgorithmOID: only SHA-256');
  return hashes.map(text => readBase64(text, name, 32).toString('base64'));
};

/** @throws CscError when the key does not sign so */
export const demandSignAlgorithm = (algorithm: KeyAlgorithm, signAlgo: string): void => {
  if (!signAlgorithmsOf(algorithm).includes(signAlgo)) throw new CscError('Invalid parameter signAlgo');
};
