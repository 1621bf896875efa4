import { flawOfFreshness } from '#signature/certificates/freshness.ts';
import type { Certificate } from '#signature/certificates/read-certificate.ts';
import { type Crl, type CrlScope, readCrl } from '#signature/certificates/read-crl.ts';
import type { Evidence, RevocationQuestion } from '#signature/certificates/revocation.ts';
import { flawOfSignature } from '#signature/certificates/verify-signed.ts';

/** Why a list, although signed by the issuer, cannot say that this certificate is not revoked. */
const flawOfScope = (scope: CrlScope | undefined, certificate: Certificate): string | undefined => {
  if (!scope) return undefined;
  if (scope.indirect) return 'crl-indirect';
  if (scope.onlyAttributes || scope.onlySomeReasons) return 'crl-partial';
  if (certificate.isAuthority ? scope.onlyUsers : scope.onlyAuthorities) return 'crl-partial';
  // A list of one distribution point says nothing of the certificates that name another.
  if (scope.named && !scope.urls.some(url => certificate.crlUrls.includes(url))) return 'crl-partial';
  return undefined;
};

const flawOfIssuer = (crl: Crl, issuer: Certificate): string | undefined => {
  if (!crl.issuerName.equals(issuer.subjectName)) return 'crl-of-other-issuer';
  if (issuer.keyUsage?.includes('cRLSign') === false) return 'crl-issuer-not-allowed';
  const flaw = flawOfSignature({ ...crl.signed, key: issuer.publicKey });
  return flaw && `crl-${flaw}`;
};

const judge = (crl: Crl, { certificate, issuer, at, now }: RevocationQuestion): Evidence => {
  const unusable =
    flawOfIssuer(crl, issuer) ?? (crl.unknownCritical ? 'crl-critical-extension-unknown' : undefined);
  if (unusable) return { status: 'unknown', reason: unusable };
  const scopeFlaw = flawOfScope(crl.scope, certificate);
  const entry = scopeFlaw === 'crl-indirect' ? undefined : crl.entryOf(certificate.serial);
  // 8 is removeFromCRL: a hold that ended.
  if (entry && entry.reason !== 8 && entry.revokedAt <= at)
    return { status: 'revoked', revokedAt: entry.revokedAt, revocationReason: entry.reason };
  const freshnessFlaw = flawOfFreshness(crl, { at, now });
  if (scopeFlaw || freshnessFlaw) return { status: 'unknown', reason: scopeFlaw ?? `crl-${freshnessFlaw}` };
  if (crl.isDelta) return { status: 'unknown', reason: 'crl-partial' };
  const forgotten = crl.thisUpdate > certificate.notAfter && !entry;
  if (forgotten && !(crl.keepsExpiredSince && crl.keepsExpiredSince <= certificate.notAfter))
    return { status: 'unknown', reason: 'crl-after-expiry' };
  return { status: 'good' };
};

/** What one CRL says of a certificate (RFC 5280 §6.3). Only complete and current lists of the issuer itself say `good`. */
export const judgeCrl = (bytes: Uint8Array, question: RevocationQuestion): Evidence => {
  try {
    return judge(readCrl(bytes), question);
  } catch {
    return { status: 'unknown', reason: 'crl-unreadable' };
  }
};
