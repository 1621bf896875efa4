import { checkRecord } from '#hub/intake/check-record.ts';
import { checkSalary } from '#hub/intake/check-salary.ts';
import { resolveRecordUnits, unitTexts } from '#hub/intake/resolve-record-units.ts';
import { splitWaves } from '#hub/intake/split-waves.ts';
import { type ResolvedRecord, type TakeRequest, takeWave } from '#hub/intake/take-wave.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { RowReport } from '#schemas/intake.ts';

type Deps = Pick<PartContext, 'db' | 'call' | 'secrets'>;

/** People in one transaction: its locks are held by every writer of the same people. */
const batchSize = 500;

const compose = (record: HrRecord): HrRecord =>
  JSON.parse(JSON.stringify(record).normalize('NFC')) as HrRecord;

/**
 * Takes records of one source: units resolved, people correlated, the sure ones applied together, the
 * doubtful ones put into the decision queue, each with its report, in the order given. Safe to repeat.
 */
export const takeRecords = async (deps: Deps, request: TakeRequest): Promise<RowReport[]> => {
  const { records: given, ...how } = request;
  if (given.length === 0) return [];
  const records = given.map(({ origin, record }) => ({ origin, record: compose(record) }));
  const texts = [...new Set(records.flatMap(({ record }) => unitTexts(record)))];
  const resolved = new Map((await deps.call('units.resolve', { texts })).map(unit => [unit.text, unit]));
  const day = today();

  const reports: RowReport[] = [];
  const good: { at: number; item: ResolvedRecord }[] = [];
  for (const [at, item] of records.entries()) {
    const units = resolveRecordUnits(item.record, resolved);
    const error = checkRecord(item.record, day) ?? ('error' in units ? units.error : undefined);
    if (error === undefined && !('error' in units))
      good.push({ at, item: { ...item, units, remark: checkSalary(item.record.salary) } });
    else reports[at] = { origin: item.origin, outcome: 'refused', errors: [error!] };
  }
  for (const wave of splitWaves(good.map(({ item }) => item.record)))
    for (let from = 0; from < wave.length; from += batchSize) {
      const part = wave.slice(from, from + batchSize).map(nr => good[nr]!);
      const taken = await takeWave(
        deps,
        part.map(({ item }) => item),
        how,
      );
      for (const [nr, { at }] of part.entries()) reports[at] = taken[nr]!;
    }
  return reports;
};
