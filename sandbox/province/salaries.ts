import type { SalaryStep } from '#schemas/hr-record.ts';
import type { Random } from './random.ts';

/** A salary table of Decree 204/2004/NĐ-CP: coefficients in hundredths, months until the next grade. */
type Table = { first: number; step: number; grades: number; months: number };

const tables = {
  A31: { first: 620, step: 36, grades: 6, months: 36 },
  A21: { first: 440, step: 34, grades: 8, months: 36 },
  A22: { first: 400, step: 34, grades: 8, months: 36 },
  A1: { first: 234, step: 33, grades: 9, months: 36 },
  A0: { first: 210, step: 31, grades: 10, months: 36 },
  B: { first: 186, step: 20, grades: 12, months: 24 },
} satisfies Record<string, Table>;

/** The rank codes in use, and the table each is paid by. */
const tableOfRank: Record<string, keyof typeof tables> = {
  ...{ '01.001': 'A31', '01.002': 'A21', '01.003': 'A1', '01.004': 'A0', '01.005': 'B' },
  ...{ '02.007': 'A1', '06.031': 'A1' },
  ...{ 'V.07.02.04': 'A1', 'V.07.02.05': 'A0', 'V.07.02.06': 'B' },
  ...{ 'V.07.03.07': 'A1', 'V.07.03.08': 'A0', 'V.07.03.09': 'B' },
  ...{ 'V.07.04.10': 'A22', 'V.07.04.11': 'A1', 'V.07.04.12': 'A0' },
  ...{ 'V.07.05.13': 'A21', 'V.07.05.14': 'A22', 'V.07.05.15': 'A1' },
  ...{ 'V.08.01.02': 'A21', 'V.08.01.03': 'A1', 'V.08.03.07': 'B', 'V.08.05.12': 'A1', 'V.08.05.13': 'B' },
  ...{ 'V.08.06.16': 'B', 'V.08.08.23': 'B' },
};

/** The years of service after which people come into the higher tables. */
const yearsBefore: Partial<Record<keyof typeof tables, number>> = { A31: 20, A21: 10, A22: 8 };

/** Whether somebody with so many years of service can hold the rank. */
export function mayHold(rank: string, yearsOfService: number): boolean {
  return yearsOfService >= (yearsBefore[tableOfRank[rank]!] ?? 0);
}

/**
 * The step in force for a rank after months of service, raised every 36 (24) months, stopping at the last grade.
 * `asOf` counts months since year 0.
 */
export function salaryStep(random: Random, rank: string, monthsOfService: number, asOf: number): SalaryStep {
  const key = tableOfRank[rank]!;
  const { first, step, grades, months } = tables[key];
  // Some were raised early for merit, some late.
  const inRank = Math.max(0, monthsOfService - 12 * (yearsBefore[key] ?? 0) + random.below(13) - 6);
  const grade = Math.min(grades, 1 + Math.floor(inRank / months));
  const since = asOf - (inRank - (grade - 1) * months);
  return { rank, grade, coefficient: first + step * (grade - 1), from: firstDay(since) };
}

/** ISO day of the first of a month counted since year 0. */
export function firstDay(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}
