/**
 * What the hub says of the signatures of a file. Verdicts follow ETSI EN 319 102-1 §5.1.3: `indeterminate` is said when
 * a proof is missing (no revocation data, unknown issuer), never a silent yes.
 */
export type Verdict = 'valid' | 'indeterminate' | 'invalid';

/** What was done to the file after a signature. `allowed`: fields filled, further signatures, proofs added. */
export type Changes = 'none' | 'allowed' | 'suspicious';

/** A reason, by a stable code; `place` says where (an object, a page, a field). */
export interface VerificationReason {
  code: string;
  place?: string;
}

export interface CertificateFacts {
  subject: string;
  issuer: string;
  serial: string;
  notBefore: string;
  notAfter: string;
}

export interface SignatureReport {
  /** The field's name in a PDF. */
  field?: string;
  kind: 'signature' | 'time-stamp';
  verdict: Verdict;
  reasons: VerificationReason[];
  signer?: CertificateFacts;
  /** From the signer's certificate to the root, as far as found. */
  chain: CertificateFacts[];
  trusted: boolean;
  /** The time that is proven (time-stamp), and the one that the signer only claims. */
  provenAt?: string;
  claimedAt?: string;
  level?: 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';
  /** Revocation at the signing time. */
  revocation: 'good' | 'revoked' | 'unknown';
  changes: Changes;
  changed: VerificationReason[];
  coversWholeFile: boolean;
}

export interface VerificationReport {
  verdict: Verdict;
  reasons: VerificationReason[];
  signatures: SignatureReport[];
}
