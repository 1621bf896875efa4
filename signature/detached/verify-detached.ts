import type { SignatureReport, VerificationReport } from '#schemas/verification.ts';
import { DerError } from '#signature/asn1/read-der.ts';
import { SignatureFault } from '#signature/fault.ts';
import { judgeSignatureField, type OwnJudgement } from '#signature/verify/judge-signature.ts';
import type { Trust } from '#signature/verify/trust.ts';

const verdictOf = ({ broken, trusted, revocation, reasons }: OwnJudgement): SignatureReport['verdict'] => {
  if (broken || revocation === 'revoked') return 'invalid';
  return trusted && revocation === 'good' && reasons.length === 0 ? 'valid' : 'indeterminate';
};

const levelOf = ({ baseline, claimedAt, provenAt, provenByFile }: OwnJudgement): SignatureReport['level'] => {
  if (!baseline || !claimedAt) return undefined;
  if (!provenAt) return 'B-B';
  return provenByFile ? 'B-LT' : 'B-T';
};

/**
 * Judges a signature that stands beside its file (`.p7s`, CAdES in DER). The whole file is covered, so there are no changes
 * to tell of: a changed file is `digest-mismatch`, and `invalid`. Always answers, whatever the bytes are.
 */
export const verifyDetached = (file: Uint8Array, p7s: Uint8Array, trust: Trust): VerificationReport => {
  const now = trust.now ?? new Date();
  const store = { certificates: [], ocsps: [], crls: [] };
  const known = { covered: [Buffer.from(file)], store, trust, now, existedAt: now };
  try {
    const own = judgeSignatureField(Buffer.from(p7s), known, 'ETSI.CAdES.detached');
    const { broken, baseline, provenByFile, ...shown } = own;
    const [verdict, level] = [verdictOf(own), broken ? undefined : levelOf(own)];
    const signature: SignatureReport = {
      kind: 'signature',
      verdict,
      ...shown,
      ...(level ? { level } : {}),
      changes: 'none',
      changed: [],
      coversWholeFile: true,
    };
    return { verdict, reasons: own.reasons, signatures: [signature] };
  } catch (error) {
    if (!(error instanceof DerError || error instanceof SignatureFault)) throw error;
    return { verdict: 'invalid', reasons: [{ code: 'signature-unreadable' }], signatures: [] };
  }
};
