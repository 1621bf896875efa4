import { X509Certificate } from 'node:crypto';
import type { TicketRow } from '#hub/signing/tickets/ticket-store.ts';
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

/** The serial number of its certificate, hex. */
export const serialOf = ({ certificate }: Pick<Credential, 'certificate'>): string =>
  new X509Certificate(Buffer.from(certificate, 'base64')).serialNumber;

/** Whether it is on a device that was reported broken; before the service told what is there, all are. Pure. */
export const isOfBroken = (
  credential: Pick<Credential, 'certificate'>,
  { kind, known }: Pick<TicketRow, 'kind' | 'known'>,
): boolean => kind === 'reported-broken' && (known === null || known.includes(serialOf(credential)));
