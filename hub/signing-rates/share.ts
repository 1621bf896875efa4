import type { SignedShare } from '#schemas/signing-rates.ts';

/** How many were issued, and how many of them are signed. */
export interface Counts {
  issued: number;
  signed: number;
}

/** The share as the province's reports print it: per cent with two decimals, half up (58 of 59 is `98.31`). Exact: whole numbers only. Pure. */
export const shareOf = ({ issued, signed }: Counts): SignedShare => {
  if (issued === 0) return { issued, signed, percent: null };
  const hundredths = Math.floor((20_000 * signed + issued) / (2 * issued));
  const percent = `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
  return { issued, signed, percent };
};

/** The sum of several counts. Pure. */
export const sumOf = (counts: Counts[]): Counts => ({
  issued: counts.reduce((sum, { issued }) => sum + issued, 0),
  signed: counts.reduce((sum, { signed }) => sum + signed, 0),
});
