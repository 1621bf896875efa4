import { createHash } from 'node:crypto';
import { oids } from '#signature/asn1/oids.ts';
import { flawOfIssue, mayIssue } from '#signature/certificates/build-path.ts';
import { flawOfFreshness } from '#signature/certificates/freshness.ts';
import { judgeCrl } from '#signature/certificates/judge-crl.ts';
import { type Certificate, readCertificate } from '#signature/certificates/read-certificate.ts';
import { type OcspAnswer, type OcspResponse, readOcsp } from '#signature/certificates/read-ocsp.ts';
import type { Evidence, RevocationQuestion } from '#signature/certificates/revocation.ts';
import { flawOfSignature, hashName } from '#signature/certificates/verify-signed.ts';

const digest = (hash: string, data: Uint8Array): Buffer => createHash(hash).update(data).digest();

/** CertID (RFC 6960 §4.1.1): the issuer's name and key, and the serial. SHA-1 only names here, it proves nothing. */
const isOf = (answer: OcspAnswer, { certificate, issuer }: RevocationQuestion): boolean => {
  const hash = answer.hash === oids.sha1 ? 'sha1' : hashName(answer.hash);
  if (!hash || hash === 'weak' || answer.serial !== certificate.serial) return false;
  return (
    answer.nameHash.equals(digest(hash, certificate.issuerName)) &&
    answer.keyHash.equals(digest(hash, issuer.keyBits))
  );
};

const isNamed = ({ responder }: OcspResponse, { subjectName, keyBits }: Certificate): boolean =>
  'name' in responder
    ? responder.name.equals(subjectName)
    : responder.keyHash.equals(digest('sha1', keyBits));

/** Why somebody other than the issuer may not answer for it (RFC 6960 §4.2.2.2): RFC's "authorised responder", nothing local. */
const flawOfDelegate = (
  delegate: Certificate,
  response: OcspResponse,
  crls: readonly Uint8Array[],
  { issuer, now }: RevocationQuestion,
): string | undefined => {
  const at = response.producedAt;
  if (!mayIssue(issuer, delegate) || flawOfIssue(issuer, delegate)) return 'ocsp-responder-of-other-issuer';
  if (!delegate.extendedKeyUsage?.includes(oids.ocspSigning)) return 'ocsp-responder-not-allowed';
  if (delegate.keyUsage?.includes('digitalSignature') === false) return 'ocsp-responder-not-allowed';
  if (delegate.unknownCritical.length > 0) return 'ocsp-responder-not-allowed';
  if (delegate.notBefore > at || delegate.notAfter < at) return 'ocsp-responder-expired';
  if (delegate.ocspNoCheck) return undefined;
  const own = crls.map(crl => judgeCrl(crl, { certificate: delegate, issuer, at, now }));
  if (own.some(({ status }) => status === 'revoked')) return 'ocsp-responder-revoked';
  return own.some(({ status }) => status === 'good') ? undefined : 'ocsp-responder-unchecked';
};

/** Why the response was not made by somebody who may speak for the issuer. */
const flawOfResponder = (
  response: OcspResponse,
  crls: readonly Uint8Array[],
  question: RevocationQuestion,
): string | undefined => {
  const holds = ({ publicKey }: Certificate) => flawOfSignature({ ...response.signed, key: publicKey });
  const { issuer } = question;
  let reason = 'ocsp-responder-unknown';
  if (isNamed(response, issuer)) {
    const flaw = holds(issuer);
    if (!flaw) return undefined;
    reason = `ocsp-${flaw}`;
  }
  for (const bytes of response.certificates) {
    const delegate = readCertificate(bytes);
    if (!isNamed(response, delegate)) continue;
    const flaw = holds(delegate);
    const wrong = flaw ? `ocsp-${flaw}` : flawOfDelegate(delegate, response, crls, question);
    if (!wrong) return undefined;
    reason = wrong;
  }
  return reason;
};

const judge = (
  response: OcspResponse,
  crls: readonly Uint8Array[],
  question: RevocationQuestion,
): Evidence => {
  const { certificate, at, now } = question;
  const unknown = (reason: string): Evidence => ({ status: 'unknown', reason });
  const answer = response.answers.find(one => isOf(one, question));
  if (!answer) return unknown('ocsp-of-other-certificate');
  const responderFlaw = flawOfResponder(response, crls, question);
  if (responderFlaw) return unknown(responderFlaw);
  if (response.unknownCritical || answer.unknownCritical) return unknown('ocsp-critical-extension-unknown');
  const { status } = answer;
  if (status.is === 'revoked' && status.at <= at)
    return { status: 'revoked', revokedAt: status.at, revocationReason: status.reason };
  if (status.is === 'unknown') return unknown('ocsp-says-unknown');
  const stale = flawOfFreshness(answer, { at, now });
  if (stale) return unknown(`ocsp-${stale}`);
  const forgotten = answer.thisUpdate > certificate.notAfter && status.is === 'good';
  if (forgotten && !(answer.archiveCutoff && answer.archiveCutoff <= certificate.notAfter))
    return unknown('ocsp-after-expiry');
  return { status: 'good' };
};

/**
 * What one OCSP response says of a certificate. `crls` may speak for a responder whose certificate does not free it from
 * being checked. A response without a right signer says nothing, neither good nor revoked.
 */
export const judgeOcsp = (
  bytes: Uint8Array,
  crls: readonly Uint8Array[],
  question: RevocationQuestion,
): Evidence => {
  try {
    return judge(readOcsp(bytes), crls, question);
  } catch {
    return { status: 'unknown', reason: 'ocsp-unreadable' };
  }
};
