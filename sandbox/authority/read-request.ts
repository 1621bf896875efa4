import { createPublicKey, verify } from 'node:crypto';
import { CertificationRequest, type RelativeDistinguishedNames } from 'pkijs';

/** A certificate request that the authority does not take. */
export class BadRequest extends Error {}

/** What a PKCS#10 (RFC 2986) asks for, in DER or PEM. @throws BadRequest when it cannot be read, or is not signed by its own key */
export const readRequest = (
  given: Uint8Array,
): { subject: RelativeDistinguishedNames; publicKey: Buffer } => {
  const text = Buffer.from(given).toString('latin1');
  const armoured = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([^-]+)-----END/.exec(text)?.[1];
  const der = armoured === undefined ? given : Buffer.from(armoured, 'base64');
  let request: CertificationRequest;
  try {
    request = CertificationRequest.fromBER(der);
  } catch {
    throw new BadRequest('not a PKCS#10 request');
  }
  const publicKey = Buffer.from(request.subjectPublicKeyInfo.toSchema().toBER());
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  const signature = request.signatureValue.valueBlock.valueHexView;
  if (!verify('sha256', request.tbsView, key, signature))
    throw new BadRequest('the request is not signed by its own key (SHA-256)');
  return { subject: request.subject, publicKey };
};
