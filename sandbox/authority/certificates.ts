import { createPrivateKey, generateKeyPairSync, randomBytes, webcrypto } from 'node:crypto';
import { BitString, Integer, Utf8String } from 'asn1js';
import {
  AttributeTypeAndValue,
  BasicConstraints,
  Certificate,
  CertificationRequest,
  Extension,
  ExtKeyUsage,
  PublicKeyInfo,
  RelativeDistinguishedNames,
} from 'pkijs';

/** An issuer: its certificate (DER) and key (PKCS#8 PEM). */
export interface Issuer {
  certificate: Buffer;
  key: string;
}

/** What a certificate is for. */
export type Purpose = 'authority' | 'signing' | 'time-stamping';

const oids = { keyUsage: '2.5.29.15', basicConstraints: '2.5.29.19', extKeyUsage: '2.5.29.37' };
const timeStamping = '1.3.6.1.5.5.7.3.8';
const dayMs = 86_400_000;

const extension = (extnID: string, value: { toBER(): ArrayBuffer }, critical = true): Extension =>
  new Extension({ extnID, critical, extnValue: value.toBER() });

/** First bit: digitalSignature, second: nonRepudiation, sixth: keyCertSign, seventh: cRLSign (RFC 5280 §4.2.1.3). */
const usages: Record<Purpose, { bits: number; unused: number }> = {
  authority: { bits: 0b00000110, unused: 1 },
  signing: { bits: 0b11000000, unused: 6 },
  'time-stamping': { bits: 0b11000000, unused: 6 },
};

const extensionsOf = (purpose: Purpose): Extension[] => {
  const { bits, unused } = usages[purpose];
  const usage = new BitString({ valueHex: new Uint8Array([bits]).buffer, unusedBits: unused });
  return [
    extension(oids.keyUsage, usage),
    extension(oids.basicConstraints, new BasicConstraints({ cA: purpose === 'authority' }).toSchema()),
    ...(purpose === 'time-stamping'
      ? [extension(oids.extKeyUsage, new ExtKeyUsage({ keyPurposes: [timeStamping] }).toSchema())]
      : []),
  ];
};

export const nameOf = (parts: Record<string, string>): RelativeDistinguishedNames =>
  new RelativeDistinguishedNames({
    typesAndValues: Object.entries(parts).map(
      ([type, value]) => new AttributeTypeAndValue({ type, value: new Utf8String({ value }) as never }),
    ),
  });

export const makeKey = (): { privateKey: string; publicKey: Buffer } => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
  };
};

/** A PKCS#8 key as WebCrypto has it, for signing with RSA and SHA-256. */
export const importKey = (pem: string): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }),
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    false,
    ['sign'],
  );

/** Makes a certificate; without an issuer its own (a root). */
export const makeCertificate = async (given: {
  subject: RelativeDistinguishedNames;
  /** SubjectPublicKeyInfo in DER. */
  publicKey: Uint8Array;
  purpose: Purpose;
  issuer: Issuer | { key: string };
  days: number;
  now?: Date;
}): Promise<Buffer> => {
  const { issuer, now = new Date() } = given;
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = new Integer({ valueHex: new Uint8Array([1, ...randomBytes(15)]).buffer });
  certificate.subject = given.subject;
  certificate.issuer =
    'certificate' in issuer ? Certificate.fromBER(new Uint8Array(issuer.certificate)).subject : given.subject;
  certificate.notBefore.value = new Date(now.getTime() - 60_000);
  certificate.notAfter.value = new Date(now.getTime() + given.days * dayMs);
  certificate.subjectPublicKeyInfo = PublicKeyInfo.fromBER(new Uint8Array(given.publicKey));
  certificate.extensions = extensionsOf(given.purpose);
  await certificate.sign(await importKey(issuer.key), 'SHA-256');
  return Buffer.from(certificate.toSchema(true).toBER());
};

/** What a certificate request (PKCS#10) asks for. Throws when its signature is not its key's. */
export const readRequest = async (
  der: Uint8Array,
): Promise<{ subject: RelativeDistinguishedNames; publicKey: Buffer }> => {
  const request = CertificationRequest.fromBER(new Uint8Array(der));
  if (!(await request.verify())) throw new Error('the request is not signed by its key');
  return {
    subject: request.subject,
    publicKey: Buffer.from(request.subjectPublicKeyInfo.toSchema().toBER()),
  };
};
