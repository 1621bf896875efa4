import { createHash, randomBytes } from 'node:crypto';
import { type BaseBlock, Constructed, Enumerated, GeneralizedTime, OctetString, Primitive } from 'asn1js';
import {
  BasicOCSPResponse,
  type CertID,
  type Certificate,
  Extension,
  OCSPRequest,
  OCSPResponse,
  ResponseBytes,
  ResponseData,
  SingleResponse,
} from 'pkijs';
import { type Revocation, revocationReasons } from './build-crl.ts';
import { type Identity, serialOf, timeOf } from './issue-certificate.ts';
import { signatureAlgorithmOf, signBytes, toArrayBuffer } from './sign-bytes.ts';

const nonceId = '1.3.6.1.5.5.7.48.1.2';
const basicId = '1.3.6.1.5.5.7.48.1.1';
const hashes: Record<string, string> = { '1.3.14.3.2.26': 'sha1', '2.16.840.1.101.3.4.2.1': 'sha256' };
const hourMs = 3_600_000;

/** What a responder knows: whose certificates, which were issued, which were revoked. */
export interface Statuses {
  issuer: Certificate;
  issued(serial: string): boolean;
  revoked: ReadonlyMap<string, Revocation>;
}

const tagged = (tagNumber: number, value?: BaseBlock[]): BaseBlock => {
  const idBlock = { tagClass: 3 as const, tagNumber };
  return value === undefined ? new Primitive({ idBlock }) : new Constructed({ idBlock, value });
};

const statusOf = (id: CertID, { issuer, issued, revoked }: Statuses): BaseBlock => {
  const hash = hashes[id.hashAlgorithm.algorithmId];
  const isOf = (bytes: ArrayBuffer | Uint8Array, expected: OctetString): boolean =>
    hash !== undefined &&
    createHash(hash).update(new Uint8Array(bytes)).digest().equals(expected.valueBlock.valueHexView);
  const serial = serialOf(id.serialNumber);
  const isOurs =
    isOf(issuer.subject.toSchema().toBER(), id.issuerNameHash) &&
    isOf(issuer.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView, id.issuerKeyHash);
  const revocation = revoked.get(serial);
  if (!isOurs || !issued(serial)) return tagged(2);
  if (revocation === undefined) return tagged(0);
  const reason = revocationReasons[revocation.reason];
  return tagged(1, [
    new GeneralizedTime({ valueDate: timeOf(revocation.at).value }),
    ...(reason === 0 ? [] : [tagged(0, [new Enumerated({ value: reason })])]),
  ]);
};

/** An answer without certificates' statuses: 1 malformed, 3 try later, 6 not our certificates. */
export const ocspFailure = (status: 1 | 3): Buffer =>
  Buffer.from(new OCSPResponse({ responseStatus: new Enumerated({ value: status }) }).toSchema().toBER());

/** Answers an OCSP request (RFC 6960) as of `at`, true for an hour; the nonce is echoed, or is another with `wrongNonce`. */
export const answerOcsp = (
  given: Uint8Array,
  {
    responder,
    statuses,
    at,
    wrongNonce,
  }: {
    responder: Identity;
    statuses: Statuses;
    at: Date;
    wrongNonce: boolean;
  },
): Buffer => {
  let request: OCSPRequest;
  try {
    request = OCSPRequest.fromBER(given);
  } catch {
    return ocspFailure(1);
  }
  const nonce = request.tbsRequest.requestExtensions?.find(({ extnID }) => extnID === nonceId);
  const other = new OctetString({ valueHex: toArrayBuffer(randomBytes(16)) }).toBER();
  const data = new ResponseData({
    responderID: responder.certificate.subject,
    producedAt: timeOf(at).value,
    responses: request.tbsRequest.requestList.map(
      ({ reqCert }) =>
        new SingleResponse({
          certID: reqCert,
          certStatus: statusOf(reqCert, statuses),
          thisUpdate: timeOf(at).value,
          nextUpdate: timeOf(new Date(at.getTime() + hourMs)).value,
        }),
    ),
    ...(nonce === undefined
      ? {}
      : { responseExtensions: [wrongNonce ? new Extension({ extnID: nonceId, extnValue: other }) : nonce] }),
  });
  const signed = data.toSchema(true).toBER();
  data.tbsView = new Uint8Array(signed);
  const basic = new BasicOCSPResponse({
    tbsResponseData: data,
    signatureAlgorithm: signatureAlgorithmOf(responder.key),
    signature: signBytes(responder.key, signed),
    certs: [responder.certificate],
  });
  const response = new OctetString({ valueHex: basic.toSchema().toBER() });
  return Buffer.from(
    new OCSPResponse({
      responseStatus: new Enumerated({ value: 0 }),
      responseBytes: new ResponseBytes({ responseType: basicId, response }),
    })
      .toSchema()
      .toBER(),
  );
};
