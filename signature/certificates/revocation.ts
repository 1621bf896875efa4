import type { Certificate } from '#signature/certificates/read-certificate.ts';

export interface RevocationQuestion {
  certificate: Certificate;
  issuer: Certificate;
  /** The time asked about: that of the signature, when a time-stamp proves it. */
  at: Date;
  /** Now: no proof is younger. */
  now: Date;
}

/** What one proof says, or why it says nothing. */
export type Evidence =
  | { status: 'good' }
  | { status: 'revoked'; revokedAt: Date; revocationReason: number | undefined }
  | { status: 'unknown'; reason: string };
