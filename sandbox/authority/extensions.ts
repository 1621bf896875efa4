import { createHash } from 'node:crypto';
import {
  Boolean as Asn1Boolean,
  type BaseBlock,
  BitString,
  Constructed,
  Enumerated,
  Integer,
  Null,
  ObjectIdentifier,
  OctetString,
  Primitive,
  Sequence,
} from 'asn1js';
import { Extension, type PublicKeyInfo } from 'pkijs';

const extension = (extnID: string, value: BaseBlock, critical = false): Extension =>
  new Extension({ extnID, critical, extnValue: value.toBER() });
const context = (tagNumber: number, value: BaseBlock[]): Constructed =>
  new Constructed({ idBlock: { tagClass: 3, tagNumber }, value });
const primitive = (tagNumber: number, valueHex: ArrayBuffer): Primitive =>
  new Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex });
const url = (text: string): Primitive => primitive(6, new Uint8Array(Buffer.from(text)).buffer);

const keyIdOf = (key: PublicKeyInfo): ArrayBuffer =>
  new Uint8Array(createHash('sha1').update(key.subjectPublicKey.valueBlock.valueHexView).digest()).buffer;

// RFC 5280 §4.2 and §5.2 unless said otherwise.
export const basicConstraints = (isAuthority: boolean, pathLength?: number): Extension =>
  extension(
    '2.5.29.19',
    new Sequence({
      value: [
        ...(isAuthority ? [new Asn1Boolean({ value: true })] : []),
        ...(pathLength === undefined ? [] : [new Integer({ value: pathLength })]),
      ],
    }),
    true,
  );

/** Bits by their number: 0 digitalSignature, 1 nonRepudiation, 5 keyCertSign, 6 cRLSign. */
export const keyUsage = (bits: number[]): Extension => {
  const byte = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  const valueHex = new Uint8Array([byte]).buffer;
  return extension('2.5.29.15', new BitString({ valueHex, unusedBits: 7 - Math.max(...bits) }), true);
};

export const extendedKeyUsage = (purposes: string[], critical = false): Extension =>
  extension(
    '2.5.29.37',
    new Sequence({ value: purposes.map(value => new ObjectIdentifier({ value })) }),
    critical,
  );

export const subjectKeyIdentifier = (key: PublicKeyInfo): Extension =>
  extension('2.5.29.14', new OctetString({ valueHex: keyIdOf(key) }));

export const authorityKeyIdentifier = (issuerKey: PublicKeyInfo): Extension =>
  extension('2.5.29.35', new Sequence({ value: [primitive(0, keyIdOf(issuerKey))] }));

/** Where to ask about the certificate (`ocsp`), and where its issuer's certificate is. */
export const authorityAccess = (given: { ocsp?: string; issuer?: string }): Extension => {
  const access = (method: string, at: string) =>
    new Sequence({ value: [new ObjectIdentifier({ value: method }), url(at)] });
  return extension(
    '1.3.6.1.5.5.7.1.1',
    new Sequence({
      value: [
        ...(given.ocsp === undefined ? [] : [access('1.3.6.1.5.5.7.48.1', given.ocsp)]),
        ...(given.issuer === undefined ? [] : [access('1.3.6.1.5.5.7.48.2', given.issuer)]),
      ],
    }),
  );
};

export const crlDistributionPoint = (at: string): Extension =>
  extension(
    '2.5.29.31',
    new Sequence({ value: [new Sequence({ value: [context(0, [context(0, [url(at)])])] })] }),
  );

/** id-pkix-ocsp-nocheck: nobody asks whether the responder itself was revoked (RFC 6960 §4.2.2.2.1). */
export const ocspNoCheck = (): Extension => extension('1.3.6.1.5.5.7.48.1.5', new Null());

export const crlNumber = (value: number): Extension =>
  extension('2.5.29.20', Integer.fromBigInt(BigInt(value)));
export const crlReason = (value: number): Extension => extension('2.5.29.21', new Enumerated({ value }));
