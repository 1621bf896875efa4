import { createHash, webcrypto } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

/** A key in memory with its certificate, DER. */
export interface LittleKey {
  keys: webcrypto.CryptoKeyPair;
  certificate: Buffer;
}
export interface LittleAuthority {
  certificate: Buffer;
  issue(commonName: string, userId: string): Promise<LittleKey>;
}

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
export const makeKeys = async (): Promise<webcrypto.CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(
    { ...rsa, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  )) as webcrypto.CryptoKeyPair;

const text = (type: string, value: string) =>
  new pkijs.AttributeTypeAndValue({ type, value: new asn1js.Utf8String({ value }) });
const name = (commonName: string, userId?: string) =>
  new pkijs.RelativeDistinguishedNames({
    typesAndValues: [
      text('2.5.4.3', commonName),
      ...(userId === undefined ? [] : [text('0.9.2342.19200300.100.1.1', `CCCD:${userId}`)]),
    ],
  });

/**
 * A certificate authority of one level, made anew at each start, for the signing services that the sandbox plays.
 * Nobody trusts it: what is proven with it is the protocol, not the trust.
 */
export const makeLittleAuthority = async (title: string): Promise<LittleAuthority> => {
  const own = await makeKeys();
  let serial = 0;
  const certify = async (
    subject: pkijs.RelativeDistinguishedNames,
    publicKey: webcrypto.CryptoKey,
    isAuthority: boolean,
  ): Promise<Buffer> => {
    serial += 1;
    const certificate = new pkijs.Certificate();
    certificate.version = 2;
    const digits = createHash('sha256').update(`${title} ${serial}`).digest().subarray(0, 15);
    certificate.serialNumber = new asn1js.Integer({ valueHex: Uint8Array.of(0x54, ...digits).buffer });
    certificate.issuer = name(title);
    certificate.subject = subject;
    certificate.notBefore.value = new Date(Date.now() - 24 * 3600_000);
    certificate.notAfter.value = new Date(Date.now() + 3 * 365 * 24 * 3600_000);
    await certificate.subjectPublicKeyInfo.importKey(publicKey);
    // digitalSignature and nonRepudiation, or keyCertSign and cRLSign: RFC 5280 §4.2.1.3.
    const usage = new asn1js.BitString({ valueHex: Uint8Array.of(isAuthority ? 0x06 : 0xc0).buffer });
    certificate.extensions = [
      new pkijs.Extension({
        extnID: '2.5.29.19',
        critical: true,
        extnValue: new pkijs.BasicConstraints({ cA: isAuthority }).toSchema().toBER(false),
      }),
      new pkijs.Extension({ extnID: '2.5.29.15', critical: true, extnValue: usage.toBER(false) }),
    ];
    await certificate.sign(own.privateKey, 'SHA-256');
    return Buffer.from(certificate.toSchema(true).toBER(false));
  };
  return {
    certificate: await certify(name(title), own.publicKey, true),
    async issue(commonName, userId) {
      const keys = await makeKeys();
      return { keys, certificate: await certify(name(commonName, userId), keys.publicKey, false) };
    },
  };
};
