import { type KeyObject, randomBytes } from 'node:crypto';
import { Integer } from 'asn1js';
import { Certificate, type Extension, PublicKeyInfo, type RelativeDistinguishedNames, Time } from 'pkijs';
import { authorityKeyIdentifier, subjectKeyIdentifier } from './extensions.ts';
import { signatureAlgorithmOf, signBytes, toArrayBuffer } from './sign-bytes.ts';

/** Who signs certificates, lists and answers: a certificate and the key of it. */
export interface Identity {
  key: KeyObject;
  certificate: Certificate;
  der: Buffer;
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 §4.1.2.5); whole seconds. */
export const timeOf = (at: Date): Time => {
  const value = new Date(Math.floor(at.getTime() / 1000) * 1000);
  return new Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });
};

const newSerial = (): ArrayBuffer => {
  const bytes = randomBytes(16);
  // Positive, and always 16 bytes long.
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return toArrayBuffer(bytes);
};

/** The serial number as people and programs write it: upper case hex without leading zeros. */
export const serialOf = (serial: Integer): string =>
  Buffer.from(serial.valueBlock.valueHexView)
    .toString('hex')
    .toUpperCase()
    .replace(/^(00)+/, '');

/** Signs a certificate (RFC 5280) with a serial number of its own; `issuer` absent: it signs itself, with `selfKey`. */
export const issueCertificate = (given: {
  subject: RelativeDistinguishedNames;
  /** SubjectPublicKeyInfo in DER. */
  publicKey: Uint8Array;
  notBefore: Date;
  notAfter: Date;
  extensions: Extension[];
  issuer: Pick<Identity, 'key' | 'certificate'> | { key: KeyObject };
}): Buffer => {
  const { issuer } = given;
  const publicKey = PublicKeyInfo.fromBER(given.publicKey);
  const parent = 'certificate' in issuer ? issuer.certificate : undefined;
  const algorithm = signatureAlgorithmOf(issuer.key);
  const certificate = new Certificate({
    version: 2,
    serialNumber: new Integer({ valueHex: newSerial() }),
    signature: algorithm,
    issuer: parent?.subject ?? given.subject,
    notBefore: timeOf(given.notBefore),
    notAfter: timeOf(given.notAfter),
    subject: given.subject,
    subjectPublicKeyInfo: publicKey,
    extensions: [
      ...given.extensions,
      subjectKeyIdentifier(publicKey),
      authorityKeyIdentifier(parent?.subjectPublicKeyInfo ?? publicKey),
    ],
    signatureAlgorithm: algorithm,
  });
  certificate.signatureValue = signBytes(issuer.key, certificate.encodeTBS().toBER());
  return Buffer.from(certificate.toSchema(true).toBER());
};
