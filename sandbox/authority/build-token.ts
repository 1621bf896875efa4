import { createHash, sign } from 'node:crypto';
import { type BaseBlock, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  type TSTInfo,
} from 'pkijs';
import type { Identity } from './issue-certificate.ts';
import { signatureAlgorithmOf, toArrayBuffer } from './sign-bytes.ts';

const timeStampContent = '1.2.840.113549.1.9.16.1.4';
const sha256 = '2.16.840.1.101.3.4.2.1';
const hashOf = (bytes: Uint8Array): OctetString =>
  new OctetString({ valueHex: toArrayBuffer(createHash('sha256').update(bytes).digest()) });

/** Sorted, as DER wants the members of a set. */
const signedAttributes = (content: Uint8Array, authority: Identity): SignedAndUnsignedAttributes => {
  const attribute = (type: string, value: BaseBlock) => new Attribute({ type, values: [value] });
  const certificateHash = new Sequence({ value: [hashOf(authority.der)] });
  const attributes = [
    attribute('1.2.840.113549.1.9.3', new ObjectIdentifier({ value: timeStampContent })),
    attribute('1.2.840.113549.1.9.4', hashOf(content)),
    // signing-certificate-v2 (RFC 5035, RFC 5816): the hash algorithm is the default, SHA-256.
    attribute(
      '1.2.840.113549.1.9.16.2.47',
      new Sequence({ value: [new Sequence({ value: [certificateHash] })] }),
    ),
  ];
  const bytes = (one: Attribute) => Buffer.from(one.toSchema().toBER());
  return new SignedAndUnsignedAttributes({
    type: 0,
    attributes: attributes.sort((one, other) => Buffer.compare(bytes(one), bytes(other))),
  });
};

/** A time-stamp token (RFC 3161 §2.4.2): CMS around the facts, with the authority's certificate when it is asked for. */
export const buildToken = (info: TSTInfo, authority: Identity, withCertificate: boolean): ContentInfo => {
  const content = new Uint8Array(info.toSchema().toBER());
  const signedAttrs = signedAttributes(content, authority);
  const toSign = Buffer.from(signedAttrs.toSchema().toBER());
  // What is signed is a SET; in the message it stands as [0].
  toSign[0] = 0x31;
  const encapContentInfo = new EncapsulatedContentInfo({ eContentType: timeStampContent });
  // Set afterwards: the constructor would cut the octets into pieces, which is not DER.
  encapContentInfo.eContent = new OctetString({ valueHex: toArrayBuffer(content) });
  const digestAlgorithm = new AlgorithmIdentifier({ algorithmId: sha256 });
  const { issuer, serialNumber } = authority.certificate;
  const message = new SignedData({
    version: 3,
    digestAlgorithms: [digestAlgorithm],
    encapContentInfo,
    ...(withCertificate ? { certificates: [authority.certificate] } : {}),
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer, serialNumber }),
        digestAlgorithm,
        signedAttrs,
        signatureAlgorithm: signatureAlgorithmOf(authority.key),
        signature: new OctetString({ valueHex: toArrayBuffer(sign('sha256', toSign, authority.key)) }),
      }),
    ],
  });
  return new ContentInfo({ contentType: '1.2.840.113549.1.7.2', content: message.toSchema(true) });
};
