import type { SignatureReport, VerificationReason } from '#schemas/verification.ts';
import { type Coverage, checkByteRange } from '#signature/verify/check-byte-range.ts';
import { compareViews } from '#signature/verify/compare/compare-views.ts';
import { OddFile } from '#signature/verify/file/odd.ts';
import { readText } from '#signature/verify/file/values.ts';
import { View } from '#signature/verify/file/view.ts';
import { type FoundSignature, findSignatures } from '#signature/verify/find-signatures.ts';
import { judgeSignature, type OwnJudgement } from '#signature/verify/judge-signature.ts';
import { levelOf } from '#signature/verify/level.ts';
import { readStore } from '#signature/verify/read-proofs.ts';
import type { Trust } from '#signature/verify/trust.ts';

interface Covered {
  found: FoundSignature;
  coverage: Coverage;
}

type Changed = Pick<SignatureReport, 'changes' | 'changed' | 'coversWholeFile'> & {
  odd?: VerificationReason;
};

/** The signed view of the file; the signature must stand in it, as the same field with the same dictionary. */
const openSigned = (now: View, { found, coverage }: Covered): View => {
  const signed = coverage.end === now.end ? now : new View(now.file, coverage.end);
  const there = findSignatures(signed).some(
    ({ field, dict }) => field.name === found.field.name && dict === found.dict,
  );
  if (!there) throw new OddFile('signature-moved', found.field.name);
  return signed;
};

const readChanges = (now: View, signed: View): Changed => {
  const rest = now.file.bytes.subarray(signed.end);
  if (rest.length <= 4 && rest.toString('latin1').trim() === '') {
    return { changes: 'none', changed: [], coversWholeFile: true };
  }
  const { list, suspicious } = compareViews(signed, now);
  return {
    changes: suspicious ? 'suspicious' : 'allowed',
    changed: list
      .filter(({ allowed }) => !suspicious || !allowed)
      .map(({ code, place }) => ({ code, place })),
    coversWholeFile: false,
  };
};

/** What cannot be read without guessing is suspicious: it may show one thing here and another there. */
const tryChanges = (now: View, covered: Covered): Changed & { signed?: View } => {
  try {
    const signed = openSigned(now, covered);
    return { ...readChanges(now, signed), signed };
  } catch (error) {
    if (!(error instanceof OddFile)) throw error;
    const reason = { code: error.code, ...(error.place ? { place: error.place } : {}) };
    return { changes: 'suspicious', changed: [reason], coversWholeFile: false, odd: reason };
  }
};

const unreadable = (found: FoundSignature, reason: VerificationReason): SignatureReport => ({
  field: found.field.name,
  kind: found.kind,
  verdict: 'invalid',
  reasons: [reason],
  chain: [],
  trusted: false,
  revocation: 'unknown',
  changes: 'suspicious',
  changed: [],
  coversWholeFile: false,
});

/** `D:20261129061500+07'00'` (ISO 32000-2 §7.9.4). What the signer's program wrote; it proves nothing. */
const readClaim = (text: string | undefined): string | undefined => {
  const [, year, month, day, hour, minute, second, zone = 'Z', hours = '00', minutes = '00'] =
    /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:([Z+-])(?:(\d\d)'?(\d\d)?'?)?)?/.exec(text ?? '') ?? [];
  const offset = zone === 'Z' ? 'Z' : `${zone}${hours}:${minutes}`;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
};

const verdictOf = (own: OwnJudgement, changed: Changed): SignatureReport['verdict'] => {
  if (own.broken || own.revocation === 'revoked') return 'invalid';
  if (changed.changes === 'suspicious') return changed.odd ? 'indeterminate' : 'invalid';
  return own.trusted && own.revocation === 'good' && own.reasons.length === 0 ? 'valid' : 'indeterminate';
};

/**
 * The report of each signature, in the order of the form. They are judged from the last to the first: a document
 * time-stamp proves that everything it covers was there before it.
 */
export const reportSignatures = (now: View, found: FoundSignature[], trust: Trust): SignatureReport[] => {
  const reports = new Map<FoundSignature, SignatureReport>();
  const covered: Covered[] = [];
  for (const one of found) {
    const checked = checkByteRange(now, one);
    if ('fault' in checked) reports.set(one, unreadable(one, checked.fault));
    else covered.push({ found: one, coverage: checked.coverage });
  }
  const clock = trust.now ?? new Date();
  let existedAt = clock;
  const store = readStore(now);
  const stamps: View[] = [];
  for (const one of covered.toSorted((a, b) => b.coverage.end - a.coverage.end)) {
    const { gapFrom, gapEnd, end } = one.coverage;
    const { bytes } = now.file;
    const parts = [bytes.subarray(0, gapFrom), bytes.subarray(gapEnd, end)];
    const own = judgeSignature(one.found, one.coverage, {
      covered: parts,
      store,
      trust,
      now: clock,
      existedAt,
    });
    const { signed, odd, ...changed } = tryChanges(now, one);
    const { broken, baseline, provenByFile, reasons, ...shown } = own;
    const level = one.found.kind === 'signature' && !broken ? levelOf({ own, now, stamps }) : undefined;
    const claimed = own.claimedAt ?? readClaim(readText(now.resolve(one.found.dict.get('M'))));
    const all = [
      ...reasons,
      ...(odd ? [odd] : changed.changes === 'suspicious' ? [{ code: 'changed-after-signing' }] : []),
    ];
    reports.set(one.found, {
      field: one.found.field.name,
      kind: one.found.kind,
      verdict: verdictOf(own, { ...changed, ...(odd ? { odd } : {}) }),
      ...shown,
      reasons: all,
      ...(claimed ? { claimedAt: claimed } : {}),
      ...(level ? { level } : {}),
      ...changed,
    });
    if (one.found.kind === 'time-stamp' && own.provenAt && signed && own.revocation !== 'revoked') {
      stamps.push(signed);
      if (new Date(own.provenAt) < existedAt) existedAt = new Date(own.provenAt);
    }
  }
  return found.map(one => reports.get(one)!);
};
