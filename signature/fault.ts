/** Why a file or a certificate cannot be signed or judged. Codes are stable; the hub has words for each. */
export const faultCodes = [
  'pdf-broken',
  'pdf-encrypted',
  'pdf-certified',
  'pdf-signed',
  'pdf-tampered',
  'pdf-not-incremental',
  'pdf-form-xfa',
  'page-unknown',
  'field-unknown',
  'field-taken',
  'text-not-in-font',
  'text-too-long',
  'image-unreadable',
  'xml-broken',
  'certificate-unreadable',
  'certificate-expired',
  'certificate-not-for-signing',
  'signature-not-of-hash',
  'signature-too-large',
  'signature-unreadable',
  'time-stamp-refused',
  'time-stamp-unavailable',
  'revocation-unavailable',
] as const;
export type FaultCode = (typeof faultCodes)[number];

/** A clear refusal: what is wrong, and where (`place`: a page, a field, a character). The input is untouched. */
export class SignatureFault extends Error {
  readonly code: FaultCode;
  readonly place: string | undefined;
  constructor(code: FaultCode, message: string, place?: string) {
    super(message);
    this.name = 'SignatureFault';
    this.code = code;
    this.place = place;
  }
}
