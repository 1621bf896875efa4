import type { SignatureReport, VerificationReport } from '#schemas/verification.ts';
import type { OwnJudgement } from '#signature/verify/judge-signature.ts';

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
 * The report of a file whose one signature covers all of it (CAdES beside it, XAdES within): there are no changes to tell of,
 * because a changed file breaks the signature. CAdES and XAdES demand the claimed time for every level.
 */
export const reportOne = (own: OwnJudgement): VerificationReport => {
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
};
