import type { VerificationReport } from '#schemas/verification.ts';
import { DerError } from '#signature/asn1/read-der.ts';
import { SignatureFault } from '#signature/fault.ts';
import { judgeSignatureField } from '#signature/verify/judge-signature.ts';
import { reportOne } from '#signature/verify/report-one.ts';
import type { Trust } from '#signature/verify/trust.ts';

/**
 * Judges a signature that stands beside its file (`.p7s`, CAdES in DER). A changed file is `digest-mismatch`, and `invalid`.
 * Always answers, whatever the bytes are.
 */
export const verifyDetached = (file: Uint8Array, p7s: Uint8Array, trust: Trust): VerificationReport => {
  const now = trust.now ?? new Date();
  const store = { certificates: [], ocsps: [], crls: [] };
  const known = { covered: [Buffer.from(file)], store, trust, now, existedAt: now };
  try {
    return reportOne(judgeSignatureField(Buffer.from(p7s), known, 'ETSI.CAdES.detached'));
  } catch (error) {
    if (!(error instanceof DerError || error instanceof SignatureFault)) throw error;
    return { verdict: 'invalid', reasons: [{ code: 'signature-unreadable' }], signatures: [] };
  }
};
