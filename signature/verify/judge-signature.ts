import { createHash } from 'node:crypto';
import type { SignatureReport, VerificationReason } from '#schemas/verification.ts';
import { oids } from '#signature/asn1/oids.ts';
import { DerError, readDerAt } from '#signature/asn1/read-der.ts';
import type { HashName } from '#signature/certificates/verify-signed.ts';
import { judgeCms } from '#signature/cms/judge-cms.ts';
import { type Cms, readCms } from '#signature/cms/read-cms.ts';
import { SignatureFault } from '#signature/fault.ts';
import { judgeTimeStamp } from '#signature/time-stamp/judge-time-stamp.ts';
import { readTimeStamp } from '#signature/time-stamp/read-time-stamp.ts';
import type { Coverage } from '#signature/verify/check-byte-range.ts';
import { nameOf } from '#signature/verify/file/values.ts';
import type { FoundSignature } from '#signature/verify/find-signatures.ts';
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

/** Reasons that leave open whether the signature holds; any other says that it does not. */
const doubtful = new Set([
  'algorithm-weak',
  'algorithm-unknown',
  'signer-certificate-missing',
  'signing-certificate-missing',
  'certificate-expired',
  'certificate-not-yet-valid',
]);

const isBroken = (reasons: readonly VerificationReason[]): boolean =>
  reasons.some(({ code }) => !doubtful.has(code));

const hashOf =
  (parts: readonly Uint8Array[]) =>
  (name: HashName): Buffer => {
    const hash = createHash(name);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };

/** One of a signature's own time-stamps, over `stamped`: the time that it proves, or why it proves none. */
export const judgeOwnStamp = (
  token: Buffer,
  stamped: Uint8Array,
  known: Known,
  proofs: Proofs,
): { time?: Date; reasons: VerificationReason[] } => {
  const stamp = readTimeStamp(token);
  const faults = judgeTimeStamp(stamp, hashOf([stamped]));
  const authority = stamp.cms.signer;
  const unproven = (place: string | undefined) => ({
    reasons: [{ code: 'time-stamp-not-proven', place: place ?? 'time-stamp-broken' }],
  });
  if (faults.length > 0 || !authority) return unproven(faults[0]?.code);
  if (stamp.time > known.existedAt) return unproven('from-the-future');
  const all = joinProofs(proofs, readOwnProofs(stamp.cms));
  const trust = judgeTrust({ ...known, certificate: authority, proofs: all, at: known.existedAt });
  if (!trust.trusted || trust.revocation === 'revoked') return unproven(trust.reasons[0]?.code);
  const unsure = trust.revocation === 'unknown' ? [{ code: 'time-stamp-revocation-unknown' }] : [];
  return { time: stamp.time, reasons: unsure };
};

/** The earliest time that one of the signature's own time-stamps proves; what is wrong with the others is told. */
const judgeOwnStamps = (
  cms: Cms,
  known: Known,
  proofs: Proofs,
): { time: Date | undefined; reasons: VerificationReason[] } => {
  const judged = ownTimeStamps(cms).map(token => judgeOwnStamp(token, cms.signature, known, proofs));
  const [time] = judged.flatMap(one => one.time ?? []).toSorted((a, b) => a.getTime() - b.getTime());
  return { time, reasons: judged.flatMap(({ reasons }) => reasons) };
};

const judgeTimeStampField = (value: Buffer, known: Known): OwnJudgement => {
  const stamp = readTimeStamp(value);
  const authority = stamp.cms.signer;
  const faults = judgeTimeStamp(stamp, hashOf(known.covered));
  const base = { ...nothing('signer-certificate-missing', isBroken(faults)), reasons: faults };
  if (!authority) return base;
  const proofs = joinProofs(known.store, readOwnProofs(stamp.cms));
  const trust = judgeTrust({ ...known, certificate: authority, proofs, at: known.existedAt });
  return {
    ...base,
    ...trust,
    reasons: [...faults, ...trust.reasons],
    signer: factsOf(authority),
    ...(faults.length === 0 && trust.trusted ? { provenAt: stamp.time.toISOString() } : {}),
  };
};

/** Judges a signature over what it covers, by its own value alone. Throws when it cannot be read. */
export const judgeSignatureField = (value: Buffer, known: Known, subFilter: string): OwnJudgement => {
  const cms = readCms(value);
  const detached = (cms.content?.length ?? 0) === 0 && cms.contentType === oids.data;
  if (!detached) return nothing('content-type-wrong', true);
  const faults = judgeCms(cms, hashOf(known.covered));
  const { signer } = cms;
  if (!signer) return { ...nothing('signer-certificate-missing', isBroken(faults)), reasons: faults };
  const proofs = joinProofs(known.store, readOwnProofs(cms));
  const stamps = judgeOwnStamps(cms, known, proofs);
  const proven = stamps.time ?? (known.existedAt < known.now ? known.existedAt : undefined);
  const trust = judgeTrust({ ...known, certificate: signer, proofs, at: proven ?? known.now });
  const signs = signer.keyUsage?.some(use => use === 'digitalSignature' || use === 'nonRepudiation') ?? true;
  const isBaseline = subFilter === 'ETSI.CAdES.detached';
  const bound = cms.binding === 'bound';
  return {
    ...trust,
    reasons: [
      ...faults,
      ...(signs ? [] : [{ code: 'certificate-not-for-signing' }]),
      ...(isBaseline && cms.binding === 'absent' ? [{ code: 'certificate-not-bound' }] : []),
      ...stamps.reasons,
      ...trust.reasons,
    ],
    signer: factsOf(signer),
    ...(proven ? { provenAt: proven.toISOString() } : {}),
    ...(cms.signingTime ? { claimedAt: cms.signingTime.toISOString() } : {}),
    broken: isBroken(faults),
    baseline: isBaseline && bound,
  };
};

/** Judges the value of a signature or document time-stamp over what it covers. Whatever it holds, this answers. */
export const judgeSignature = (found: FoundSignature, coverage: Coverage, known: Known): OwnJudgement => {
  const subFilter = nameOf(found.dict.get('SubFilter')) ?? '';
  if (!formats[found.kind].includes(subFilter)) return nothing('format-unsupported', false);
  try {
    const value = readDerAt(coverage.contents).raw;
    // Bytes after the signature are in no hash: they could carry anything.
    if (coverage.contents.subarray(value.length).some(byte => byte !== 0))
      return nothing('padding-not-empty', true);
    return found.kind === 'time-stamp'
      ? judgeTimeStampField(value, known)
      : judgeSignatureField(value, known, subFilter);
  } catch (error) {
    if (error instanceof DerError || error instanceof SignatureFault)
      return nothing('signature-unreadable', true);
    throw error;
  }
};
