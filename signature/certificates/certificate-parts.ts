import { fromBER, type Sequence } from 'asn1js';
import { Certificate } from 'pkijs';
import { SignatureFault } from '#signature/fault.ts';

/** The parts of a certificate that a signature names, as they stand in it. */
export interface CertificateParts {
  issuer: Buffer;
  serial: Buffer;
}

export const readParts = (der: Uint8Array): CertificateParts => {
  const { result } = fromBER(new Uint8Array(der));
  try {
    const certificate = new Certificate({ schema: result as Sequence });
    return {
      issuer: Buffer.from(certificate.issuer.toSchema().toBER()),
      serial: Buffer.from(certificate.serialNumber.toBER()),
    };
  } catch {
    throw new SignatureFault('certificate-unreadable', 'not a certificate');
  }
};
