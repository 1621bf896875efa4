import type { Database } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import { findCandidates } from '#hub/staff/staff-search-store.ts';
import type { StaffCandidate } from '#schemas/staff.ts';

export interface CandidateQuestion {
  citizenNumber?: string;
  code?: string;
  name: string;
  birthDate?: string;
  birthYear?: number;
}

const withoutNulls = (candidate: StaffCandidate): StaffCandidate =>
  Object.fromEntries(
    Object.entries(candidate).filter(([, value]) => value !== null),
  ) as unknown as StaffCandidate;

/** For each question, everybody it may mean, with what they share. The answer tells no citizen number. */
export const candidatesFor = async (
  db: Database,
  secrets: Secrets,
  questions: CandidateQuestion[],
): Promise<StaffCandidate[][]> => {
  const answers: StaffCandidate[][] = questions.map(() => []);
  const rows = await findCandidates(
    db,
    questions.map((question, nr) => ({
      nr,
      citizen_hash:
        question.citizenNumber === undefined
          ? null
          : secrets.keyedHash('citizen-number', question.citizenNumber).toString('hex'),
      code: question.code ?? null,
      folded: fold(question.name),
      birth_date: question.birthDate ?? null,
      birth_year: question.birthYear ?? null,
    })),
  );
  for (const { nr, ...candidate } of rows) answers[nr]!.push(withoutNulls(candidate));
  return answers;
};
