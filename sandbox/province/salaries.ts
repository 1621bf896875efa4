import type { SalaryStep } from '#schemas/hr-record.ts';
import { coefficientOf, type SalaryScaleName, salaryScales, scaleOfRank } from '#schemas/salary-scales.ts';
import type { Random } from './random.ts';

/** The years of service after which people come into the higher tables. */
const yearsBefore: Partial<Record<SalaryScaleName, number>> = { 'A3.1': 20, 'A2.1': 10, 'A2.2': 8 };

/** Whether somebody with so many years of service can hold the rank. */
export function mayHold(rank: string, yearsOfService: number): boolean {
  return yearsOfService >= (yearsBefore[scaleOfRank[rank]!] ?? 0);
}

/**
 * The step in force for a rank after months of service, raised every 36 (24) months, stopping at the last grade.
 * `asOf` counts months since year 0.
 */
export function salaryStep(random: Random, rank: string, monthsOfService: number, asOf: number): SalaryStep {
  const key = scaleOfRank[rank]!;
  const scale = salaryScales[key];
  const { grades, months } = scale;
  // Some were raised early for merit, some late.
  const inRank = Math.max(0, monthsOfService - 12 * (yearsBefore[key] ?? 0) + random.below(13) - 6);
  const grade = Math.min(grades, 1 + Math.floor(inRank / months));
  const since = asOf - (inRank - (grade - 1) * months);
  return { rank, grade, coefficient: coefficientOf(scale, grade), from: firstDay(since) };
}

/** ISO day of the first of a month counted since year 0. */
export function firstDay(month: number): string {
  return `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}
