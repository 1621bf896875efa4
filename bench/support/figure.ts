/** One measured figure, with the bar it is held against and whether it passed. */
export interface Figure {
  what: string;
  value: string;
  bar: string;
  good: boolean;
}

export const figure = (what: string, value: string, bar: string, good: boolean): Figure => ({
  what,
  value,
  bar,
  good,
});

/** `n`-th percentile (0–100) of numbers. */
export const percentile = (values: number[], n: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * n) / 100))] ?? Number.NaN;
};
export const median = (values: number[]): number => percentile(values, 50);

export const round = (value: number, digits = 1): string => value.toFixed(digits);

/** A table that can be pasted into `bench/README.md`. */
export const toTable = (figures: Figure[]): string =>
  [
    '| figure | measured | bar | |',
    '| --- | --- | --- | --- |',
    ...figures.map(({ what, value, bar, good }) => `| ${what} | ${value} | ${bar} | ${good ? '✔' : '✘'} |`),
  ].join('\n');
