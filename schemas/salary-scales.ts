/** A table of Decree 204/2004/NĐ-CP: coefficients in hundredths, months until the next grade. */
export interface SalaryScale {
  first: number;
  step: number;
  grades: number;
  months: number;
}

export const salaryScales = {
  'A3.1': { first: 620, step: 36, grades: 6, months: 36 },
  'A2.1': { first: 440, step: 34, grades: 8, months: 36 },
  'A2.2': { first: 400, step: 34, grades: 8, months: 36 },
  A1: { first: 234, step: 33, grades: 9, months: 36 },
  A0: { first: 210, step: 31, grades: 10, months: 36 },
  B: { first: 186, step: 20, grades: 12, months: 24 },
} satisfies Record<string, SalaryScale>;
export type SalaryScaleName = keyof typeof salaryScales;

/** The table that a rank is paid by. Ranks that are not here are known to the province, not to us. */
export const scaleOfRank: Readonly<Record<string, SalaryScaleName>> = {
  ...{ '01.001': 'A3.1', '01.002': 'A2.1', '01.003': 'A1', '01.004': 'A0', '01.005': 'B' },
  ...{ '02.007': 'A1', '06.031': 'A1' },
  ...{ 'V.07.02.04': 'A1', 'V.07.02.05': 'A0', 'V.07.02.06': 'B' },
  ...{ 'V.07.03.07': 'A1', 'V.07.03.08': 'A0', 'V.07.03.09': 'B' },
  ...{ 'V.07.04.10': 'A2.2', 'V.07.04.11': 'A1', 'V.07.04.12': 'A0' },
  ...{ 'V.07.05.13': 'A2.1', 'V.07.05.14': 'A2.2', 'V.07.05.15': 'A1' },
  ...{ 'V.08.01.02': 'A2.1', 'V.08.01.03': 'A1', 'V.08.03.07': 'B', 'V.08.05.12': 'A1', 'V.08.05.13': 'B' },
  ...{ 'V.08.06.16': 'B', 'V.08.08.23': 'B' },
};

/** The coefficient of a grade, in hundredths. */
export const coefficientOf = ({ first, step }: SalaryScale, grade: number): number =>
  first + step * (grade - 1);
