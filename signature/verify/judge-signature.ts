import type { SignatureReport, VerificationReason } from '#schemas/verification.ts';
import { oids } from '#signature/asn1/oids.ts';
import { DerError } from '#signature/asn1/read-der.ts';
import { readTime } from '#signature/asn1/read-values.ts';
import type { Coverage } from '#signature/verify/check-byte-range.ts';
import { nameOf } from '#signature/verify/file/values.ts';
import type { FoundSignature } from '#signature/verify/find-signatures.ts';
import { judgeCms } from '#signature/verify/judge-cms.ts';
import { judgeTimeStamp } from '#signature/verify/judge-time-stamp.ts';
import { type Cms, readCms } from '#signature/verify/read-cms.ts';
import { joinProofs, ownTimeStamps, type Proofs, readOwnProofs } from '#signature/verify/read-proofs.ts';
import { factsOf, judgeTrust, type Trust } from '#signature/verify/trust.ts';

/** What is known beside the signature itself. */
export interface Known {
  /** The two parts of the file that it covers. */
  covered: Buffer[];
  store: Proofs;
  trust: Trust;
  now: Date;
  /** Until when the file was certainly there, by later document time-stamps; `now` when there is none. */
  existedAt: Date;
}

/** The parts of a report that the signature's own value gives. */
export type OwnJudgement = Omit<
  SignatureReport,
  'field' | 'kind' | 'verdict' | 'changes' | 'changed' | 'coversWholeFile' | 'level'
> & {
  broken: boolean;
  /** The format that PAdES asks for. */
  baseline: boolean;
  provenByFile: boolean;
};

const nothing = (code: string, broken: boolean): OwnJudgement => ({
  reasons: [{ code }],
  chain: [],
  trusted: false,
  revocation: 'unknown',
  broken,
  baseline: false,
  provenByFile: false,
});

const formats: Record<FoundSignature['kind'], readonly string[]> = {
  signature: ['ETSI.CAdES.detached', 'adbe.pkcs7.detached'],
  'time-stamp': ['ETSI.RFC3161'],
};

const asReasons = (codes: readonly string[]): VerificationReason[] => codes.map(code => ({ code }));

/** The earliest time that one of the signature's own time-stamps proves; what is wrong with the others is told. */
const judgeOwnStamps = (
  cms: Cms,
  known: Known,
  proofs: Proofs,
): { time?: Date; reasons: VerificationReason[] } => {
  const reasons: VerificationReason[] = [];
  let time: Date | undefined;
  for (const token of ownTimeStamps(cms)) {
    const { cms: stamp } = readCms(token);
    const judged = judgeTimeStamp(stamp, [cms.signature]);
    const codes = [...judged.broken, ...judged.doubtful];
    if (codes.length > 0 || !judged.authority || !judged.time) {
      reasons.push({ code: 'time-stamp-not-proven', place: codes[0] ?? 'time-stamp-broken' });
      continue;
    }
    const trust = judgeTrust({
      ...known,
      certificate: judged.authority,
      proofs: joinProofs(proofs, readOwnProofs(stamp)),
      at: known.existedAt,
    });
    if (!trust.trusted || trust.revocation === 'revoked' || judged.time > known.existedAt) {
      reasons.push({ code: 'time-stamp-not-proven', place: trust.reasons[0]?.code ?? 'time-stamp-broken' });
      continue;
    }
    if (trust.revocation === 'unknown') reasons.push({ code: 'time-stamp-revocation-unknown' });
    if (!time || judged.time < time) time = judged.time;
  }
  return { ...(time ? { time } : {}), reasons };
};

const claimedTime = (cms: Cms): string | undefined => {
  const value = cms.signed.get(oids.signingTime)?.[0];
  return value && readTime(value).toISOString();
};

const judgeTimeStampField = (cms: Cms, known: Known): OwnJudgement => {
  const judged = judgeTimeStamp(cms, known.covered);
  const base = nothing('signer-certificate-missing', judged.broken.length > 0);
  const reasons = asReasons([...judged.broken, ...judged.doubtful]);
  if (!judged.authority || !judged.time)
    return { ...base, reasons: reasons.length > 0 ? reasons : base.reasons };
  const proofs = joinProofs(known.store, readOwnProofs(cms));
  const trust = judgeTrust({ ...known, certificate: judged.authority, proofs, at: known.existedAt });
  return {
    ...base,
    ...trust,
    reasons: [...reasons, ...trust.reasons],
    signer: factsOf(judged.authority),
    ...(reasons.length === 0 && trust.trusted ? { provenAt: judged.time.toISOString() } : {}),
  };
};

const judgeSignatureField = (cms: Cms, known: Known, subFilter: string): OwnJudgement => {
  if ((cms.content?.length ?? 0) > 0 || cms.contentType !== oids.data) return nothing('cms-broken', true);
  const judged = judgeCms(cms, known.covered);
  const { certificate } = judged;
  const reasons = asReasons([...judged.broken, ...judged.doubtful]);
  if (!certificate) return { ...nothing('signer-certificate-missing', judged.broken.length > 0), reasons };
  const proofs = joinProofs(known.store, readOwnProofs(cms));
  const stamps = judgeOwnStamps(cms, known, proofs);
  const proven = stamps.time ?? (known.existedAt < known.now ? known.existedAt : undefined);
  const trust = judgeTrust({ ...known, certificate, proofs, at: proven ?? known.now });
  const signs =
    certificate.keyUsage?.some(use => use === 'digitalSignature' || use === 'nonRepudiation') ?? true;
  if (!signs) reasons.push({ code: 'certificate-not-for-signing' });
  if (subFilter === 'ETSI.CAdES.detached' && !judged.bound && judged.broken.length === 0) {
    reasons.push({ code: 'certificate-not-bound' });
  }
  const claimed = claimedTime(cms);
  return {
    ...trust,
    reasons: [...reasons, ...stamps.reasons, ...trust.reasons],
    signer: factsOf(certificate),
    ...(proven ? { provenAt: proven.toISOString() } : {}),
    ...(claimed ? { claimedAt: claimed } : {}),
    broken: judged.broken.length > 0,
    baseline: subFilter === 'ETSI.CAdES.detached' && judged.bound,
  };
};

/** Judges the value of a signature or document time-stamp over what it covers. Whatever it holds, this answers. */
export const judgeSignature = (found: FoundSignature, coverage: Coverage, known: Known): OwnJudgement => {
  const subFilter = nameOf(found.dict.get('SubFilter')) ?? '';
  if (!formats[found.kind].includes(subFilter)) return nothing('format-unsupported', false);
  try {
    const { cms, length } = readCms(coverage.contents);
    // Bytes after the signature are in no hash: they could carry anything.
    if (coverage.contents.subarray(length).some(byte => byte !== 0))
      return nothing('padding-not-empty', true);
    return found.kind === 'time-stamp'
      ? judgeTimeStampField(cms, known)
      : judgeSignatureField(cms, known, subFilter);
  } catch (error) {
    if (error instanceof DerError) return nothing('cms-broken', true);
    throw error;
  }
};
