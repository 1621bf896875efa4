import type { CertificateFacts, SignatureReport, VerificationReason } from '#schemas/verification.ts';
import { buildPath } from '#signature/certificates/build-path.ts';
import { judgeRevocation } from '#signature/certificates/judge-revocation.ts';
import type { Certificate } from '#signature/certificates/read-certificate.ts';
import type { Proofs } from '#signature/verify/read-proofs.ts';

/** Whom the one who asks trusts, and what they know beside the file. */
export interface Trust {
  /** Roots in DER. A certificate that does not lead to one of them proves nobody. */
  roots: readonly Uint8Array[];
  /** Issuers that a file may lack. */
  intermediates?: readonly Uint8Array[];
  /** OCSP responses and CRLs fetched for this question; a file's own are read from it. */
  ocsps?: readonly Uint8Array[];
  crls?: readonly Uint8Array[];
  /** Absent: the clock. */
  now?: Date;
}

/** How far a certificate is to be trusted at a time. */
export interface TrustJudgement {
  chain: CertificateFacts[];
  trusted: boolean;
  revocation: SignatureReport['revocation'];
  /** Not revoked by the file's own proofs alone: what B-LT promises. */
  provenByFile: boolean;
  reasons: VerificationReason[];
}

export const factsOf = (certificate: Certificate): CertificateFacts => ({
  subject: certificate.subject,
  issuer: certificate.issuer,
  serial: certificate.serial,
  notBefore: certificate.notBefore.toISOString(),
  notAfter: certificate.notAfter.toISOString(),
});

type Asked = { certificate: Certificate; proofs: Proofs; trust: Trust; at: Date; now: Date };

const judgeChain = (path: Certificate[], { proofs, at, now }: Asked, ocsps: Buffer[], crls: Buffer[]) => {
  const judged = path.slice(0, -1).map((certificate, position) =>
    judgeRevocation({
      certificate,
      issuer: path[position + 1]!,
      ocsps: [...proofs.ocsps, ...ocsps],
      crls: [...proofs.crls, ...crls],
      at,
      now,
    }),
  );
  const bad =
    judged.find(({ status }) => status === 'revoked') ?? judged.find(({ status }) => status === 'unknown');
  return { status: bad?.status ?? ('good' as const), reasons: bad?.reasons ?? [] };
};

/** Judges the way to a root and the revocation of everything on it but the root, at a time. */
export const judgeTrust = (asked: Asked): TrustJudgement => {
  const { certificate, proofs, trust, at } = asked;
  const { path, trusted, reasons } = buildPath({
    certificate: certificate.der,
    others: [...proofs.certificates, ...(trust.intermediates ?? [])],
    roots: trust.roots,
    at,
  });
  const chain = path.map(factsOf);
  if (!trusted) return { chain, trusted, revocation: 'unknown', provenByFile: false, reasons };
  const alone = judgeChain(path, asked, [], []);
  const [ocsps, crls] = [trust.ocsps ?? [], trust.crls ?? []].map(list => list.map(der => Buffer.from(der)));
  const known = ocsps!.length + crls!.length > 0 ? judgeChain(path, asked, ocsps!, crls!) : alone;
  return {
    chain,
    trusted,
    revocation: known.status,
    provenByFile: alone.status === 'good',
    reasons: known.reasons.slice(0, 5),
  };
};
