import { X509Certificate } from 'node:crypto';
import type { VerificationReason } from '#schemas/verification.ts';
import { type Certificate, readCertificate } from '#signature/certificates/read-certificate.ts';
import { flawOfSignature } from '#signature/certificates/verify-signed.ts';

export interface CertificatePath {
  /** From the certificate to the last issuer that was found; the root last. */
  path: Certificate[];
  /** The path ends at one of the roots and nothing speaks against it. Revocation is judged by itself. */
  trusted: boolean;
  /** Why not: `issuer-unknown`, `certificate-expired`, `certificate-not-yet-valid`, `issuer-not-authority`, `path-too-long`, `signature-wrong`, `algorithm-weak`, `algorithm-unknown`, `critical-extension-unknown`. `place` is the certificate's subject. */
  reasons: VerificationReason[];
}

/** No real chain is longer. */
const longest = 8;
/** Issuers that are tried, so that a heap of certificates of one name costs no more than this. */
const mostTries = 200;

/** Whether the issuer's name, key identifier and key usage fit; signatures are checked only then. */
export const mayIssue = (issuer: Certificate, certificate: Certificate): boolean =>
  new X509Certificate(certificate.der).checkIssued(new X509Certificate(issuer.der));

/** Why the issuer's signature under the certificate does not hold. */
export const flawOfIssue = (issuer: Certificate, certificate: Certificate) =>
  flawOfSignature({ ...certificate.signed, key: issuer.publicKey });

const readAll = (certificates: readonly Uint8Array[]): Certificate[] => {
  const byBytes = new Map<string, Certificate>();
  for (const bytes of certificates) {
    try {
      byBytes.set(Buffer.from(bytes).toString('base64'), readCertificate(bytes));
    } catch {
      // Files carry stray certificates that nobody can read; the path may be whole without them.
    }
  }
  return [...byBytes.values()];
};

const judge = (path: Certificate[], roots: Certificate[], at: Date): VerificationReason[] => {
  const reasons: VerificationReason[] = [];
  path.forEach((certificate, position) => {
    const say = (code: string) => reasons.push({ code, place: certificate.subject });
    if (certificate.notBefore > at) say('certificate-not-yet-valid');
    if (certificate.notAfter < at) say('certificate-expired');
    if (certificate.unknownCritical.length > 0) say('critical-extension-unknown');
    if (position > 0) {
      if (!certificate.isAuthority || certificate.keyUsage?.includes('keyCertSign') === false)
        say('issuer-not-authority');
      const below = path
        .slice(1, position)
        .filter(({ subjectName, issuerName }) => !subjectName.equals(issuerName));
      if (below.length > (certificate.pathLength ?? longest)) say('path-too-long');
    }
    const issuer = path[position + 1];
    const flaw = issuer && flawOfIssue(issuer, certificate);
    if (flaw) say(flaw);
  });
  const last = path.at(-1)!;
  if (!roots.some(root => root.der.equals(last.der)))
    reasons.push({ code: 'issuer-unknown', place: last.issuer });
  return reasons;
};

/**
 * The way from a certificate to a root that is trusted (RFC 5280 §6, without policies and name constraints: a
 * certificate with critical ones is not trusted). `at` is the time for which it must have been valid. Roots that
 * are not in `roots` are only certificates. Throws `certificate-unreadable` for the certificate itself.
 */
export const buildPath = (asked: {
  certificate: Uint8Array;
  others: readonly Uint8Array[];
  roots: readonly Uint8Array[];
  at: Date;
}): CertificatePath => {
  const roots = readAll(asked.roots);
  const candidates = [...roots, ...readAll(asked.others)];
  let tries = 0;
  let best: CertificatePath | undefined;
  const isIssuer = (issuer: Certificate, path: Certificate[]): boolean => {
    const last = path.at(-1)!;
    if (issuer.subject !== last.issuer || path.some(({ der }) => der.equals(issuer.der))) return false;
    return ++tries <= mostTries && mayIssue(issuer, last) && !flawOfIssue(issuer, last);
  };
  /** Whether a trusted path was found from here on. */
  const extend = (path: Certificate[]): boolean => {
    let ends = true;
    if (path.length < longest && !roots.some(({ der }) => der.equals(path.at(-1)!.der)))
      for (const issuer of candidates) {
        if (!isIssuer(issuer, path)) continue;
        ends = false;
        if (extend([...path, issuer])) return true;
      }
    if (!ends) return false;
    const reasons = judge(path, roots, asked.at);
    if (!best || reasons.length < best.reasons.length)
      best = { path, trusted: reasons.length === 0, reasons };
    return reasons.length === 0;
  };
  extend([readCertificate(asked.certificate)]);
  return best!;
};
