import { createHash } from 'node:crypto';
import type { VerificationReason } from '#schemas/verification.ts';
import { oids } from '#signature/asn1/oids.ts';
import { type HashName, hashName } from '#signature/certificates/verify-signed.ts';
import { judgeCms } from '#signature/cms/judge-cms.ts';
import type { TimeStamp } from '#signature/time-stamp/read-time-stamp.ts';

/**
 * What speaks against a token; nothing when it holds. `digestOf` gives the hash of what it is said to stamp. Codes are those of
 * `judgeCms` and `imprint-mismatch`, `signing-certificate-missing` (RFC 3161 §2.4.2 demands it), `not-for-time-stamps` (extended
 * key usage is not time-stamping alone and critical, §2.3), `certificate-expired`, `certificate-not-yet-valid` (at the token's
 * time). Whether the authority is trusted, and not revoked, is asked of `buildPath` and `judgeRevocation` at that time.
 */
export const judgeTimeStamp = (
  { cms, hash, imprint, time }: TimeStamp,
  digestOf: (hash: HashName) => Uint8Array,
): VerificationReason[] => {
  const reasons = judgeCms(cms, name => createHash(name).update(cms.content!).digest());
  const say = (code: string) => reasons.push({ code });
  const name = hashName(hash);
  if (!name || name === 'weak') say(name ? 'algorithm-weak' : 'algorithm-unknown');
  else if (!imprint.equals(digestOf(name))) say('imprint-mismatch');
  if (!cms.signer) return reasons;
  const { extendedKeyUsage, extendedKeyUsageCritical, notBefore, notAfter } = cms.signer;
  if (cms.binding === 'absent') say('signing-certificate-missing');
  if (extendedKeyUsage?.join() !== oids.timeStamping || !extendedKeyUsageCritical) say('not-for-time-stamps');
  if (notAfter < time) say('certificate-expired');
  if (notBefore > time) say('certificate-not-yet-valid');
  return reasons;
};
