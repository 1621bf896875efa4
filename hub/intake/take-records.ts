import { type Correlation, correlate } from '#hub/intake/correlate.ts';
import { keepDecisions } from '#hub/intake/decision-store.ts';
import { type RecordUnits, resolveRecordUnits, unitTexts } from '#hub/intake/resolve-record-units.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { RowReport } from '#schemas/intake.ts';
import type { StaffChange, StaffOutcome } from '#schemas/staff.ts';

export interface TakeRequest {
  records: { origin: string; record: HrRecord }[];
  source: string;
  actor: string;
  dryRun?: boolean;
}
type Deps = Pick<PartContext, 'db' | 'call' | 'secrets'>;

const toChange = (
  { origin, record }: TakeRequest['records'][number],
  units: Exclude<RecordUnits, { error: unknown }>,
  staffId: string | undefined,
): StaffChange => ({
  origin,
  record,
  ...(staffId === undefined ? {} : { staffId }),
  ...(units.unitIds === undefined ? {} : { unitIds: units.unitIds }),
  ...(units.mainUnitId === undefined ? {} : { mainUnitId: units.mainUnitId }),
});

const toReport = (outcome: StaffOutcome, flags: string[]): RowReport => ({
  origin: outcome.origin,
  outcome: outcome.outcome,
  ...(outcome.staffId === undefined ? {} : { staffId: outcome.staffId }),
  ...(outcome.changed === undefined ? {} : { changed: outcome.changed }),
  ...(flags.length === 0 ? {} : { flags }),
  ...(outcome.error === undefined ? {} : { errors: [outcome.error] }),
});

/**
 * Takes records of one source: units resolved, people correlated, the sure ones applied together, the
 * doubtful ones put into the decision queue, each with its report, in the order given. Safe to repeat.
 */
export const takeRecords = async (deps: Deps, request: TakeRequest): Promise<RowReport[]> => {
  const { db, call, secrets } = deps;
  const { records, source, actor, dryRun = false } = request;
  if (records.length === 0) return [];
  const texts = [...new Set(records.flatMap(({ record }) => unitTexts(record)))];
  const resolved = new Map((await call('units.resolve', { texts })).map(unit => [unit.text, unit]));
  const units = records.map(({ record }) => resolveRecordUnits(record, resolved));
  const candidates = await call('staff.candidates', {
    keys: records.map(({ record: { citizenNumber, code, name, birthDate, birthYear } }) => ({
      name,
      ...(citizenNumber === undefined ? {} : { citizenNumber }),
      ...(code === undefined ? {} : { code }),
      ...(birthDate === undefined ? {} : { birthDate }),
      ...(birthYear === undefined ? {} : { birthYear }),
    })),
  });

  const reports: (RowReport | undefined)[] = [];
  const changes: StaffChange[] = [];
  const places: number[] = [];
  const doubts: { at: number; correlation: Extract<Correlation, { kind: 'doubt' }> }[] = [];
  for (const [at, item] of records.entries()) {
    const own = units[at]!;
    if ('error' in own) {
      reports[at] = { origin: item.origin, outcome: 'refused', errors: [own.error] };
      continue;
    }
    const correlation = correlate(item.record, candidates[at]!, own.mainUnitId ?? own.unitIds?.[0]);
    if (correlation.kind === 'doubt') doubts.push({ at, correlation });
    else {
      places.push(at);
      changes.push(toChange(item, own, correlation.kind === 'same' ? correlation.staffId : undefined));
    }
  }

  const outcomes = changes.length === 0 ? [] : await call('staff.apply', { changes, source, actor, dryRun });
  for (const [nr, outcome] of outcomes.entries()) {
    const at = places[nr]!;
    const own = units[at]!;
    reports[at] = toReport(outcome, 'error' in own ? [] : own.flags);
  }
  const ids = dryRun
    ? []
    : await keepDecisions(
        db,
        doubts.map(({ at, correlation }) => ({
          source,
          origin: records[at]!.origin,
          reason: correlation.reason,
          record: secrets.seal('decision', JSON.stringify(records[at]!.record)),
          unitIds: units[at]!,
          candidates: correlation.matches.map(({ candidate, confidence, why }) => ({
            staffId: candidate.staffId,
            name: candidate.name,
            code: candidate.code,
            ...(candidate.unitName === undefined ? {} : { unitName: candidate.unitName }),
            ...(candidate.birthDate === undefined ? {} : { birthDate: candidate.birthDate }),
            confidence,
            why,
          })),
        })),
      );
  for (const [nr, { at, correlation }] of doubts.entries())
    reports[at] = {
      origin: records[at]!.origin,
      outcome: 'to-decide',
      errors: [{ code: correlation.reason }],
      ...(ids[nr] === undefined ? {} : { decisionId: ids[nr] }),
    };
  return reports as RowReport[];
};
