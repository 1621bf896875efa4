import type { Credential } from '#schemas/signer.ts';
import { checkSigningCertificate } from '#signature/certificates/check-signing-certificate.ts';
import { SignatureFault } from '#signature/fault.ts';

/** Whether a credential can sign documents now: the service says so, and so does its certificate. */
export const isUsable = ({ status, certificate }: Pick<Credential, 'status' | 'certificate'>): boolean => {
  if (status !== 'active') return false;
  try {
    checkSigningCertificate(Buffer.from(certificate, 'base64'));
    return true;
  } catch (error) {
    if (error instanceof SignatureFault) return false;
    throw error;
  }
};
