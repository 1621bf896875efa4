import { createHash, randomBytes, webcrypto } from 'node:crypto';
import {
  Set as Asn1Set,
  fromBER,
  GeneralizedTime,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
} from 'asn1js';
import {
  AlgorithmIdentifier,
  Attribute,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
  TimeStampReq,
} from 'pkijs';
import { type Issuer, importKey } from '#sandbox/authority/certificates.ts';

const policy = '1.3.6.1.4.1.99999.1.1';
const tstInfo = '1.2.840.113549.1.9.16.1.4';
const sha256 = '2.16.840.1.101.3.4.2.1';

const attribute = (type: string, value: unknown): Attribute => new Attribute({ type, values: [value] });

/** The signed part of a token: policy, what was stamped, serial, time, nonce (RFC 3161 §2.4.2). */
const makeInfo = (request: TimeStampReq, now: Date): ArrayBuffer =>
  new Sequence({
    value: [
      new Integer({ value: 1 }),
      new ObjectIdentifier({ value: policy }),
      request.messageImprint.toSchema(),
      new Integer({ valueHex: new Uint8Array([1, ...randomBytes(8)]).buffer }),
      new GeneralizedTime({ valueDate: new Date(Math.floor(now.getTime() / 1000) * 1000) }),
      ...(request.nonce === undefined ? [] : [request.nonce]),
    ],
  }).toBER();

const makeToken = async (
  info: ArrayBuffer,
  signer: Issuer,
  chain: Buffer[],
  withCertificates: boolean,
): Promise<ContentInfo> => {
  const certificate = Certificate.fromBER(new Uint8Array(signer.certificate));
  const digest = createHash('sha256').update(Buffer.from(info)).digest();
  // ESS signing-certificate-v2 (RFC 5816).
  const certHash = createHash('sha256').update(signer.certificate).digest();
  const essCert = new Sequence({
    value: [
      new Sequence({
        value: [new Sequence({ value: [new OctetString({ valueHex: new Uint8Array(certHash).buffer })] })],
      }),
    ],
  });
  const signed = new SignedAndUnsignedAttributes({
    type: 0,
    attributes: [
      attribute('1.2.840.113549.1.9.3', new ObjectIdentifier({ value: tstInfo })),
      attribute('1.2.840.113549.1.9.4', new OctetString({ valueHex: new Uint8Array(digest).buffer })),
      attribute('1.2.840.113549.1.9.16.2.47', essCert),
    ],
  });
  // DER sorts a SET OF by its bytes.
  const sorted = signed.attributes
    .map(one => Buffer.from(one.toSchema().toBER()))
    .toSorted(Buffer.compare)
    .map(bytes => new Attribute({ schema: fromBER(new Uint8Array(bytes)).result }));
  signed.attributes = sorted;
  const toSign = new Asn1Set({ value: sorted.map(one => one.toSchema()) }).toBER();
  const signature = await webcrypto.subtle.sign('RSASSA-PKCS1-v1_5', await importKey(signer.key), toSign);
  const data = new SignedData({
    version: 3,
    digestAlgorithms: [new AlgorithmIdentifier({ algorithmId: sha256 })],
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: tstInfo,
      eContent: new OctetString({ valueHex: info }),
    }),
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({
          issuer: certificate.issuer,
          serialNumber: certificate.serialNumber,
        }),
        digestAlgorithm: new AlgorithmIdentifier({ algorithmId: sha256 }),
        signedAttrs: signed,
        signatureAlgorithm: new AlgorithmIdentifier({ algorithmId: '1.2.840.113549.1.1.11' }),
        signature: new OctetString({ valueHex: signature }),
      }),
    ],
    ...(withCertificates
      ? { certificates: [certificate, ...chain.map(der => Certificate.fromBER(new Uint8Array(der)))] }
      : {}),
  });
  return new ContentInfo({ contentType: '1.2.840.113549.1.7.2', content: data.toSchema(true) });
};

/** Answers a time-stamp request (RFC 3161): SHA-256 only, what else is asked is rejected as a bad algorithm. */
export const answerTimeStamp = async (
  der: Uint8Array,
  signer: Issuer,
  chain: Buffer[],
  now = new Date(),
): Promise<Buffer> => {
  const request = TimeStampReq.fromBER(new Uint8Array(der));
  if (request.messageImprint.hashAlgorithm.algorithmId !== sha256)
    return Buffer.from(
      new Sequence({ value: [new Sequence({ value: [new Integer({ value: 2 })] })] }).toBER(),
    );
  const wantsCertificates = request.certReq === true;
  const token = await makeToken(makeInfo(request, now), signer, chain, wantsCertificates);
  const granted = new Sequence({ value: [new Integer({ value: 0 })] });
  return Buffer.from(new Sequence({ value: [granted, token.toSchema()] }).toBER());
};
