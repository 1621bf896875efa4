import { Integer } from 'asn1js';
import { CertificateRevocationList, Extensions, RevokedCertificate } from 'pkijs';
import { authorityKeyIdentifier, crlNumber, crlReason } from './extensions.ts';
import { type Identity, timeOf } from './issue-certificate.ts';
import { signatureAlgorithmOf, signBytes, toArrayBuffer } from './sign-bytes.ts';

/** RFC 5280 §5.3.1. `unspecified` is not written: absence says the same. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
} as const;
export type RevocationReason = keyof typeof revocationReasons;

export interface Revocation {
  at: Date;
  reason: RevocationReason;
}

/** The library keeps what is signed to its subclasses. */
class List extends CertificateRevocationList {
  toBeSigned(): ArrayBuffer {
    return this.encodeTBS().toBER();
  }
}

const dayMs = 86_400_000;

const entry = (serial: string, { at, reason }: Revocation): RevokedCertificate =>
  new RevokedCertificate({
    userCertificate: new Integer({ valueHex: toArrayBuffer(Buffer.from(serial, 'hex')) }),
    revocationDate: timeOf(at),
    ...(reason === 'unspecified'
      ? {}
      : { crlEntryExtensions: new Extensions({ extensions: [crlReason(revocationReasons[reason])] }) }),
  });

/** The list of what was revoked (RFC 5280 §5), true for a day from `at`. */
export const buildCrl = (issuer: Identity, revoked: ReadonlyMap<string, Revocation>, at: Date): Buffer => {
  const algorithm = signatureAlgorithmOf(issuer.key);
  const list = new List({
    version: 1,
    signature: algorithm,
    issuer: issuer.certificate.subject,
    thisUpdate: timeOf(at),
    nextUpdate: timeOf(new Date(at.getTime() + dayMs)),
    crlExtensions: new Extensions({
      extensions: [authorityKeyIdentifier(issuer.certificate.subjectPublicKeyInfo), crlNumber(at.getTime())],
    }),
    signatureAlgorithm: algorithm,
  });
  // An empty list must be absent, not empty.
  if (revoked.size > 0)
    list.revokedCertificates = [...revoked].map(([serial, revocation]) => entry(serial, revocation));
  list.signatureValue = signBytes(issuer.key, list.toBeSigned());
  return Buffer.from(list.toSchema(true).toBER());
};
