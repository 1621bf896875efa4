import { randomBytes } from 'node:crypto';
import { BitString, Integer, type OctetString } from 'asn1js';
import { Accuracy, MessageImprint, PKIStatusInfo, TimeStampReq, TimeStampResp, TSTInfo } from 'pkijs';
import { buildToken } from './build-token.ts';
import { type Identity, timeOf } from './issue-certificate.ts';
import { toArrayBuffer } from './sign-bytes.ts';

/** The policy under which it stamps, in the arc for examples (RFC 5612). */
export const stampPolicy = '1.3.6.1.4.1.32473.1.1';
const sha256 = '2.16.840.1.101.3.4.2.1';

/** Why a request is refused: the bit of PKIFailureInfo (RFC 3161 §2.4.2). */
const failures = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  unacceptedPolicy: 15,
  unacceptedExtension: 16,
  systemFailure: 25,
};
type Failure = keyof typeof failures;

/** What `POST /_faults` may ask of time-stamps beside what spoils every call. */
export interface StampFaults {
  wrongNonce: boolean;
  otherImprint: boolean;
}

const encode = (response: TimeStampResp): Buffer => Buffer.from(response.toSchema().toBER());

/** A refusal (status 2) with its reason. */
export const refuseTimeStamp = (failure: Failure): Buffer => {
  const bit = failures[failure];
  const bytes = new Uint8Array((bit >> 3) + 1);
  bytes[bit >> 3] = 0x80 >> (bit & 7);
  const failInfo = new BitString({ valueHex: bytes.buffer, unusedBits: 7 - (bit & 7) });
  return encode(new TimeStampResp({ status: new PKIStatusInfo({ status: 2, failInfo }) }));
};

const refusalOf = (request: TimeStampReq): Failure | undefined => {
  const { messageImprint, reqPolicy, extensions } = request;
  if (messageImprint.hashAlgorithm.algorithmId !== sha256) return 'badAlg';
  if (messageImprint.hashedMessage.valueBlock.valueHexView.length !== 32) return 'badDataFormat';
  if (reqPolicy !== undefined && reqPolicy !== stampPolicy) return 'unacceptedPolicy';
  return extensions?.length ? 'unacceptedExtension' : undefined;
};

const otherThan = (hash: OctetString): ArrayBuffer => {
  const bytes = new Uint8Array(hash.valueBlock.valueHexView);
  bytes[0]! ^= 1;
  return bytes.buffer;
};

/** Answers a time-stamp request (RFC 3161): SHA-256 only; each token has a serial number of its own and is true to a second. */
export const answerTimeStamp = (
  given: Uint8Array,
  authority: Identity,
  at: Date,
  faults: StampFaults,
): Buffer => {
  let request: TimeStampReq;
  try {
    request = TimeStampReq.fromBER(given);
  } catch {
    return refuseTimeStamp('badRequest');
  }
  const refusal = refusalOf(request);
  if (refusal !== undefined) return refuseTimeStamp(refusal);
  const { messageImprint, nonce } = request;
  const random = (): Integer =>
    new Integer({ valueHex: toArrayBuffer(Buffer.from([1, ...randomBytes(15)])) });
  const info = new TSTInfo({
    version: 1,
    policy: stampPolicy,
    messageImprint: faults.otherImprint
      ? new MessageImprint({
          hashAlgorithm: messageImprint.hashAlgorithm,
          hashedMessage: new (messageImprint.hashedMessage.constructor as typeof OctetString)({
            valueHex: otherThan(messageImprint.hashedMessage),
          }),
        })
      : messageImprint,
    serialNumber: random(),
    genTime: timeOf(at).value,
    accuracy: new Accuracy({ seconds: 1 }),
    ...(nonce === undefined ? {} : { nonce: faults.wrongNonce ? random() : nonce }),
  });
  return encode(
    new TimeStampResp({
      status: new PKIStatusInfo({ status: 0 }),
      timeStampToken: buildToken(info, authority, request.certReq === true),
    }),
  );
};
