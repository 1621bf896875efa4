import type { SalaryStep } from '#schemas/hr-record.ts';
import type { Remark } from '#schemas/intake.ts';
import { coefficientOf, salaryScales, scaleOfRank } from '#schemas/salary-scales.ts';

const written = (hundredths: number): string => (hundredths / 100).toFixed(2).replace('.', ',');

/**
 * A warning when grade and coefficient are not those of the rank's table (Decree 204/2004/NĐ-CP); none for ranks that
 * we do not know. Probation at 85 % and kept differences exist, so it is no reason to refuse. Pure.
 */
export const checkSalary = (step: SalaryStep | undefined): Remark | undefined => {
  const name = step && Object.hasOwn(scaleOfRank, step.rank) ? scaleOfRank[step.rank] : undefined;
  if (step === undefined || name === undefined) return undefined;
  const scale = salaryScales[name];
  if (step.grade <= scale.grades && step.coefficient === coefficientOf(scale, step.grade)) return undefined;
  return {
    flag: 'salary-off-scale',
    field: 'coefficient',
    params: {
      rank: step.rank,
      scale: name,
      grades: scale.grades,
      first: written(scale.first),
      last: written(coefficientOf(scale, scale.grades)),
      grade: step.grade,
      coefficient: written(step.coefficient),
    },
  };
};
