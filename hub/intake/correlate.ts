import { areSimilarNames } from '#hub/intake/similar-names.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { StaffCandidate } from '#schemas/staff.ts';

/** Someone a record may mean, with how sure we are (0–1) and why. */
export interface Match {
  candidate: StaffCandidate;
  confidence: number;
  why: string[];
}
export type DoubtReason = 'two-people-match' | 'code-of-another-name' | 'perhaps-the-same';
export type Correlation =
  | { kind: 'same'; staffId: string; confidence: number }
  | { kind: 'new' }
  | { kind: 'doubt'; reason: DoubtReason; matches: Match[] };

/** What is known beside the record. */
export interface CorrelationContext {
  /** The unit of the record's main post. */
  unitId: string | undefined;
  /** The source's key is the staff code (the HR software): corrections of numbers are normal there. */
  keyedByCode: boolean;
}

/** At or above: the same person without asking. */
const sure = 0.9;
/** Below: namesakes, no reason to ask. */
const worthAsking = 0.4;

const sameBirth = (record: HrRecord, candidate: StaffCandidate): boolean =>
  record.birthDate !== undefined && record.birthDate === candidate.birthDate;

const otherBirth = (record: HrRecord, candidate: StaffCandidate): boolean =>
  record.birthDate !== undefined &&
  candidate.birthDate !== undefined &&
  record.birthDate !== candidate.birthDate;

/** Both have a citizen number, and not the same: otherwise it would have matched. */
const otherCitizen = (record: HrRecord, candidate: StaffCandidate): boolean =>
  record.citizenNumber !== undefined &&
  candidate.hasCitizenNumber &&
  !candidate.matchedBy.includes('citizenNumber');

/** A code is mistyped more often than one person's name and birth date both change. */
const rateByCode = (record: HrRecord, candidate: StaffCandidate, keyedByCode: boolean): number => {
  const folded = fold(record.name);
  const sameName = folded === candidate.folded;
  if (!sameName && !areSimilarNames(folded, candidate.folded) && !sameBirth(record, candidate))
    return worthAsking;
  if (keyedByCode) return 0.95;
  const contradicted = otherCitizen(record, candidate) && (!sameName || otherBirth(record, candidate));
  return contradicted ? 0.6 : 0.95;
};

/** Same name and birth; the numbers, when there are any, matched nobody here. */
const rateByName = (record: HrRecord, candidate: StaffCandidate, sameUnit: boolean): number => {
  // Two numbers of their own, both different: namesakes.
  if (otherCitizen(record, candidate)) return record.code === undefined && sameUnit ? 0.5 : 0.2;
  const ownNumbers = record.code !== undefined || record.citizenNumber !== undefined;
  // Where only the year is known many share name and birth.
  if (!sameBirth(record, candidate)) return sameUnit ? 0.5 : ownNumbers ? 0.2 : worthAsking;
  if (ownNumbers) return sameUnit ? 0.7 : 0.5;
  return sameUnit ? sure : 0.6;
};

const rate = (record: HrRecord, candidate: StaffCandidate, context: CorrelationContext): Match => {
  const sameUnit = context.unitId !== undefined && context.unitId === candidate.unitId;
  const why = [
    ...candidate.matchedBy,
    ...(fold(record.name) === candidate.folded ? [] : ['other-name']),
    ...(otherBirth(record, candidate) ? ['other-birth-date'] : []),
    ...(otherCitizen(record, candidate) ? ['other-citizen-number'] : []),
    ...(sameUnit ? ['unit'] : []),
  ];
  const confidence = candidate.matchedBy.includes('citizenNumber')
    ? 1
    : candidate.matchedBy.includes('code')
      ? rateByCode(record, candidate, context.keyedByCode)
      : rateByName(record, candidate, sameUnit);
  return { candidate, confidence, why };
};

/**
 * Whom a record speaks of: citizen number, then staff code, then name with birth date and unit. Anything
 * less than sure, or two who could both be meant, is for a person to decide. Pure.
 */
export const correlate = (
  record: HrRecord,
  candidates: StaffCandidate[],
  context: CorrelationContext,
): Correlation => {
  const matches = candidates
    .map(candidate => rate(record, candidate, context))
    .filter(match => match.confidence >= worthAsking)
    .sort((a, b) => b.confidence - a.confidence);
  const [best, next] = matches;
  if (best === undefined) return { kind: 'new' };
  const holds = (by: StaffCandidate['matchedBy'][number]) =>
    matches.find(({ candidate }) => candidate.matchedBy.includes(by));
  const [byCitizen, byCode] = [holds('citizenNumber'), holds('code')];
  if (byCitizen !== undefined && byCode !== undefined && byCitizen !== byCode)
    return { kind: 'doubt', reason: 'two-people-match', matches };
  if (best.confidence >= sure && (next === undefined || next.confidence < best.confidence))
    return { kind: 'same', staffId: best.candidate.staffId, confidence: best.confidence };
  return {
    kind: 'doubt',
    reason: byCode === undefined ? 'perhaps-the-same' : 'code-of-another-name',
    matches,
  };
};
