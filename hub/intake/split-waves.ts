import { fold } from '#hub/platform/vietnamese/fold.ts';
import type { HrRecord } from '#schemas/hr-record.ts';

/**
 * Indexes of the records in waves, so that no two of one wave may speak of the same person: a hire must be in
 * the register before the move that follows it is correlated. Records of one person stay in order. Pure.
 */
export const splitWaves = (records: HrRecord[]): number[][] => {
  const waves: number[][] = [];
  const lastWave = new Map<string, number>();
  for (const [at, { name, code, citizenNumber, birthDate, birthYear }] of records.entries()) {
    const byName = `name ${fold(name)} ${birthDate ?? birthYear ?? ''}`;
    const numbers = [
      ...(code === undefined ? [] : [`code ${code}`]),
      ...(citizenNumber === undefined ? [] : [`citizen ${citizenNumber}`]),
    ];
    // With both numbers a namesake before it changes nothing; a long list of namesakes must not take for ever.
    const asks = numbers.length === 2 ? numbers : [...numbers, byName];
    const wave = Math.max(0, ...asks.map(key => (lastWave.get(key) ?? -1) + 1));
    for (const key of [...numbers, byName]) lastWave.set(key, Math.max(wave, lastWave.get(key) ?? 0));
    if (waves[wave] === undefined) waves[wave] = [];
    waves[wave].push(at);
  }
  return waves;
};
