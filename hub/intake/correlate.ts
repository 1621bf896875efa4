import { fold } from '#hub/platform/vietnamese/fold.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { StaffCandidate } from '#schemas/staff.ts';

/** Someone a record may mean, with how sure we are (0–1) and why. */
export interface Match {
  candidate: StaffCandidate;
  confidence: number;
  why: string[];
}
export type Correlation =
  | { kind: 'same'; staffId: string; confidence: number }
  | { kind: 'new' }
  | { kind: 'doubt'; reason: string; matches: Match[] };

/** At or above: the same person without asking. */
const sure = 0.9;

const contradictsBirth = (record: HrRecord, candidate: StaffCandidate): boolean =>
  record.birthDate !== undefined &&
  candidate.birthDate !== undefined &&
  record.birthDate !== candidate.birthDate;

const rate = (record: HrRecord, candidate: StaffCandidate, unitId: string | undefined): Match => {
  const why: string[] = [...candidate.matchedBy];
  const sameName = fold(record.name) === candidate.folded;
  if (candidate.matchedBy.includes('citizenNumber')) return { candidate, confidence: 1, why };
  if (candidate.matchedBy.includes('code')) {
    // A code is mistyped more often than a person changes both name and birth date.
    const stranger = !sameName && (contradictsBirth(record, candidate) || candidate.birthDate === undefined);
    return { candidate, confidence: stranger ? 0.4 : 0.95, why: [...why, sameName ? 'name' : 'other-name'] };
  }
  const sameUnit = unitId !== undefined && unitId === candidate.unitId;
  // A record with a code of its own that differs speaks of somebody else more often than not.
  const ownCode = record.code !== undefined && record.code !== candidate.code;
  return {
    candidate,
    confidence: ownCode ? (sameUnit ? 0.5 : 0.2) : sameUnit ? sure : 0.6,
    why: sameUnit ? [...why, 'unit'] : why,
  };
};

/** Below: namesakes born on the same day, no reason to ask. */
const worthAsking = 0.4;

/**
 * Whom a record speaks of: citizen number, then staff code, then name with birth date and unit. Anything
 * less than sure, or two who could both be meant, is for a person to decide. Pure.
 */
export const correlate = (
  record: HrRecord,
  candidates: StaffCandidate[],
  unitId: string | undefined,
): Correlation => {
  const matches = candidates
    .map(candidate => rate(record, candidate, unitId))
    .filter(match => match.confidence >= worthAsking)
    .sort((a, b) => b.confidence - a.confidence);
  const [best, next] = matches;
  if (best === undefined) return { kind: 'new' };
  const rival = matches.find(
    match => match !== best && match.confidence >= sure && match.candidate.staffId !== best.candidate.staffId,
  );
  if (rival !== undefined) return { kind: 'doubt', reason: 'two-people-match', matches };
  if (best.confidence >= sure && (next === undefined || next.confidence < best.confidence))
    return { kind: 'same', staffId: best.candidate.staffId, confidence: best.confidence };
  return {
    kind: 'doubt',
    reason: best.why.includes('code') ? 'code-of-another-name' : 'perhaps-the-same',
    matches,
  };
};
