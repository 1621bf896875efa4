import type { VerificationReason } from '#schemas/verification.ts';
import { judgeCrl } from '#signature/certificates/judge-crl.ts';
import { judgeOcsp } from '#signature/certificates/judge-ocsp.ts';
import type { Certificate } from '#signature/certificates/read-certificate.ts';

export interface RevocationJudgement {
  status: 'good' | 'revoked' | 'unknown';
  /** Of each proof that said nothing, why; with `revoked` the one reason of it. `place` is the certificate's subject. */
  reasons: VerificationReason[];
  revokedAt?: Date;
  /** CRLReason of RFC 5280 §5.3.1; 6 is a hold. */
  revocationReason?: number | undefined;
  /** The proofs that were believed. */
  proofs: Buffer[];
}

/**
 * Whether a certificate was revoked at a time. One believable "revoked" outweighs every "good"; without a believable
 * proof the answer is `unknown`, never `good`. `issuer` is from a path that was built before: its own trust is not judged here.
 * Revoked after `at` counts as good, so `at` may lie in the past only when a time-stamp proves it.
 */
export const judgeRevocation = (asked: {
  certificate: Certificate;
  issuer: Certificate;
  ocsps: readonly Uint8Array[];
  crls: readonly Uint8Array[];
  at: Date;
  now?: Date;
}): RevocationJudgement => {
  const { certificate, issuer, at, now = new Date() } = asked;
  const place = certificate.subject;
  const question = { certificate, issuer, at, now };
  const judged = [
    ...asked.ocsps.map(proof => ({ proof, said: judgeOcsp(proof, asked.crls, question) })),
    ...asked.crls.map(proof => ({ proof, said: judgeCrl(proof, question) })),
  ];
  const believed = (status: 'good' | 'revoked') =>
    judged.filter(({ said }) => said.status === status).map(({ proof }) => Buffer.from(proof));
  for (const { said } of judged) {
    if (said.status !== 'revoked') continue;
    const { revokedAt, revocationReason } = said;
    const reasons = [{ code: 'certificate-revoked', place }];
    return { status: 'revoked', reasons, revokedAt, revocationReason, proofs: believed('revoked') };
  }
  const reasons = judged.flatMap(({ said }) =>
    said.status === 'unknown' ? [{ code: said.reason, place }] : [],
  );
  const proofs = believed('good');
  if (proofs.length > 0) return { status: 'good', reasons, proofs };
  return {
    status: 'unknown',
    reasons: reasons.length > 0 ? reasons : [{ code: 'revocation-missing', place }],
    proofs,
  };
};
