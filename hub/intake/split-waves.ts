import { fold } from '#hub/platform/vietnamese/fold.ts';
import type { HrRecord } from '#schemas/hr-record.ts';

/** Under what a record leaves its mark, and under what it looks for those before it. */
const keysOf = ({ name, code, citizenNumber, birthDate, birthYear }: HrRecord) => {
  const numbers = [
    ...(code === undefined ? [] : [`code ${code}`]),
    ...(citizenNumber === undefined ? [] : [`citizen ${citizenNumber}`]),
  ];
  const marks = [...numbers, `name ${fold(name)} ${birthDate ?? birthYear ?? ''}`];
  // With both numbers a namesake before it changes nothing; a long list of namesakes must not take for ever.
  return { marks, asks: numbers.length === 2 ? numbers : marks };
};

/**
 * Indexes of the records in waves, so that no two of one wave may speak of the same person: a hire must be in
 * the register before the move that follows it is correlated. Records of one person stay in order. Pure.
 */
export const splitWaves = (records: HrRecord[]): number[][] => {
  const waves: number[][] = [];
  const lastWave = new Map<string, number>();
  for (const [at, record] of records.entries()) {
    const { marks, asks } = keysOf(record);
    const wave = Math.max(0, ...asks.map(key => (lastWave.get(key) ?? -1) + 1));
    for (const key of marks) lastWave.set(key, Math.max(wave, lastWave.get(key) ?? 0));
    if (waves[wave] === undefined) waves[wave] = [];
    waves[wave].push(at);
  }
  return waves;
};

/** Cuts a list, in order, wherever somebody would appear a second time in one stretch. Pure. */
export const splitStretches = <T extends { record: HrRecord }>(items: T[]): T[][] => {
  const stretches: T[][] = [];
  let seen = new Set<string>();
  for (const item of items) {
    const { marks, asks } = keysOf(item.record);
    if (stretches.length === 0 || asks.some(key => seen.has(key))) {
      stretches.push([]);
      seen = new Set();
    }
    stretches.at(-1)!.push(item);
    for (const key of marks) seen.add(key);
  }
  return stretches;
};
