import { type Language, say, wordsOf } from '#hub/platform/messages.ts';
import type { SignatureReport, VerificationReason, VerificationReport } from '#schemas/verification.ts';

/** A report in words that a clerk understands. */
export interface ReportWords {
  /** One sentence on the whole file: what may be done with it. */
  summary: string;
  reasons: string[];
  /** In the order of the report. */
  signatures: { heading: string; verdict: string; lines: string[] }[];
}

const known: Record<Language, ReadonlySet<string>> = {
  vi: new Set(Object.keys(wordsOf('vi', 'verification'))),
  en: new Set(Object.keys(wordsOf('en', 'verification'))),
};

const place = /^(pages|page|form|catalog|trailer|object|byte)(?= |$)/;

/** Our own names of places in the reader's language; names of fields and people stay as they are. */
const sayPlace = (language: Language, text: string): string => {
  if (!place.test(text)) return text;
  const words = /\b(pages|page|form|catalog|trailer|object|byte|annotation)\b/g;
  return text.replace(words, word => say(language, `verification.place-${word}`));
};

const wordsFor = (language: Language, code: string): string => {
  const kind = /^(ocsp|crl)-/.exec(code)?.[1];
  const key = known[language].has(code) ? code : kind ? `${kind}-other` : undefined;
  return key ? say(language, `verification.${key}`) : say(language, 'verification.other-reason', { code });
};

const explain = (language: Language, reason: VerificationReason): string => {
  // A reason inside a reason (why a time-stamp proves nothing) is a code of its own.
  const inner = reason.place !== undefined && known[language].has(reason.place);
  const words = wordsFor(language, reason.code);
  if (reason.place === undefined) return words;
  const where = inner ? wordsFor(language, reason.place) : sayPlace(language, reason.place);
  return say(language, 'verification.with-place', {
    words: words.replace(/\.$/, ''),
    place: where.replace(/\.$/, ''),
  });
};

const tellTime = (language: Language, at: string): string =>
  new Date(at).toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB', {
    timeZone: 'Asia/Ho_Chi_Minh',
    dateStyle: 'short',
    timeStyle: 'medium',
  });

/** The name that people know: the common name, else the whole subject. */
const nameOf = (language: Language, { signer }: SignatureReport): string => {
  const common = /(?:^|[,+] ?)CN=((?:\\.|[^,+\\])+)/.exec(signer?.subject ?? '')?.[1];
  return common?.replace(/\\(.)/g, '$1') ?? signer?.subject ?? say(language, 'verification.unknown-signer');
};

const timeLine = (language: Language, { provenAt, claimedAt }: SignatureReport): string => {
  if (provenAt) return say(language, 'verification.proven-at', { time: tellTime(language, provenAt) });
  if (claimedAt) return say(language, 'verification.claimed-at', { time: tellTime(language, claimedAt) });
  return say(language, 'verification.no-time');
};

const linesOf = (language: Language, signature: SignatureReport): string[] => {
  const { level, reasons, changes, changed } = signature;
  return [
    ...reasons.map(reason => explain(language, reason)),
    timeLine(language, signature),
    ...(level
      ? [say(language, 'verification.level', { level: say(language, `verification.level-${level}`) })]
      : []),
    ...(changes === 'suspicious' && changed.length === 0
      ? []
      : [say(language, `verification.changes-${changes}`)]),
    ...changed.map(reason => `– ${explain(language, reason)}`),
  ];
};

/** Puts a report into words. Codes and places stay in the report, for programs. */
export const explainReport = (report: VerificationReport, language: Language): ReportWords => ({
  summary: say(language, `verification.file-${report.verdict}`, { count: report.signatures.length }),
  reasons: report.reasons.map(reason => explain(language, reason)),
  signatures: report.signatures.map(signature => ({
    heading: say(language, `verification.heading-${signature.kind}`, { signer: nameOf(language, signature) }),
    verdict: say(language, `verification.verdict-${signature.verdict}`),
    lines: linesOf(language, signature),
  })),
});
