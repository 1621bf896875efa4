import type { VerificationReason } from '#schemas/verification.ts';
import { flawOfSignature, type HashName, hashName } from '#signature/certificates/verify-signed.ts';
import type { Cms } from '#signature/cms/read-cms.ts';

/**
 * What speaks against the signature itself; nothing when it holds. The certificate's trust is judged by `buildPath` and
 * `judgeRevocation`. `digestOf` gives the hash over what was signed. Codes: `digest-mismatch` (what was signed was
 * changed), `signature-wrong`, `algorithm-weak`, `algorithm-unknown`, `content-type-wrong`, `signer-certificate-missing`,
 * `signing-certificate-mismatch`. A missing signing-certificate attribute is `cms.binding`, and a matter of level.
 */
export const judgeCms = (cms: Cms, digestOf: (hash: HashName) => Uint8Array): VerificationReason[] => {
  const { signer, messageDigest } = cms;
  const hash = hashName(cms.digestAlgorithm);
  const codes: string[] = [];
  if (!hash || hash === 'weak') codes.push(hash ? 'algorithm-weak' : 'algorithm-unknown');
  else if (!messageDigest?.equals(digestOf(hash))) codes.push('digest-mismatch');
  if (cms.signedType !== cms.contentType) codes.push('content-type-wrong');
  if (cms.binding === 'other') codes.push('signing-certificate-mismatch');
  if (!signer) return [...codes, 'signer-certificate-missing'].map(code => ({ code }));
  const { algorithm, attributes: data, signature } = cms;
  const flaw = flawOfSignature({ data, signature, algorithm, key: signer.publicKey, digest: hash });
  if (flaw) codes.push(flaw);
  return codes.map(code => ({ code }));
};
