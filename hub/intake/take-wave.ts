import { type Correlation, correlate, type Match } from '#hub/intake/correlate.ts';
import { keepDecisions } from '#hub/intake/decision-store.ts';
import type { RecordUnits } from '#hub/intake/resolve-record-units.ts';
import { sealRecord } from '#hub/intake/seal-record.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { HrRecord } from '#schemas/hr-record.ts';
import type { Remark, RowReport } from '#schemas/intake.ts';
import type { StaffChange, StaffOutcome } from '#schemas/staff.ts';

/** Records of one source; `origin` names the message or row of each. */
export interface TakeRequest {
  records: { origin: string; record: HrRecord }[];
  source: string;
  actor: string;
  dryRun?: boolean;
}

type Deps = Pick<PartContext, 'db' | 'call' | 'secrets'>;
type Doubt = Extract<Correlation, { kind: 'doubt' }>;
/** A record with the units that it names. */
export type ResolvedRecord = TakeRequest['records'][number] & {
  units: Exclude<RecordUnits, { error: unknown }>;
  /** A doubt that is no reason to ask. */
  remark: Remark | undefined;
};

/** The source whose own key is the staff code. */
const keyedByCode = 'hr';

const unitsOf = ({ units: { unitIds, mainUnitId } }: ResolvedRecord) => ({
  ...(unitIds === undefined ? {} : { unitIds }),
  ...(mainUnitId === undefined ? {} : { mainUnitId }),
});

const mainUnit = ({ record, units }: ResolvedRecord): string | undefined => {
  if (units.mainUnitId !== undefined) return units.mainUnitId;
  const main = record.positions?.findIndex(position => position.main) ?? -1;
  return units.unitIds?.[Math.max(main, 0)];
};

const flagsOf = ({ units, remark }: ResolvedRecord): Pick<RowReport, 'flags' | 'remarks'> => {
  const flags = [...units.flags, ...(remark === undefined ? [] : [remark.flag])];
  return {
    ...(flags.length === 0 ? {} : { flags }),
    ...(remark === undefined ? {} : { remarks: [remark] }),
  };
};

const toReport = (outcome: StaffOutcome, item: ResolvedRecord): RowReport => ({
  origin: outcome.origin,
  outcome: outcome.outcome,
  ...(outcome.staffId === undefined ? {} : { staffId: outcome.staffId }),
  ...(outcome.changed === undefined ? {} : { changed: outcome.changed }),
  ...flagsOf(item),
  ...(outcome.error === undefined ? {} : { errors: [outcome.error] }),
});

const describe = ({ candidate: { name, unitName } }: Match): string =>
  unitName === undefined ? name : `${name} (${unitName})`;

/** A clerk must see at once whose number it is. */
const explain = ({ reason, matches }: Doubt, code: string | undefined) => {
  const holder = matches.find(({ candidate }) => candidate.matchedBy.includes('code'));
  return {
    code: reason,
    ...(reason === 'perhaps-the-same' ? {} : { field: 'code' }),
    params: {
      people: matches.map(describe).join('; '),
      ...(code === undefined ? {} : { code }),
      ...(holder === undefined ? {} : { holder: describe(holder) }),
    },
  };
};

const toDecision = (item: ResolvedRecord, doubt: Doubt, source: string, secrets: Deps['secrets']) => ({
  source,
  origin: item.origin,
  reason: doubt.reason,
  ...sealRecord(secrets, item.record),
  unitIds: unitsOf(item),
  candidates: doubt.matches.map(({ candidate, confidence, why }) => ({
    staffId: candidate.staffId,
    name: candidate.name,
    code: candidate.code,
    ...(candidate.unitName === undefined ? {} : { unitName: candidate.unitName }),
    ...(candidate.birthDate === undefined ? {} : { birthDate: candidate.birthDate }),
    confidence,
    why,
  })),
});

/**
 * Takes records of different people: correlates all, applies the sure ones in one transaction, keeps the
 * doubtful ones. One report a record, in the order given.
 */
export const takeWave = async (
  { db, call, secrets }: Deps,
  items: ResolvedRecord[],
  { source, actor, dryRun = false }: Omit<TakeRequest, 'records'>,
): Promise<RowReport[]> => {
  const candidates = await call('staff.candidates', {
    keys: items.map(({ record: { citizenNumber, code, name, birthDate, birthYear } }) => ({
      name,
      ...(citizenNumber === undefined ? {} : { citizenNumber }),
      ...(code === undefined ? {} : { code }),
      ...(birthDate === undefined ? {} : { birthDate }),
      ...(birthYear === undefined ? {} : { birthYear }),
    })),
  });
  const changes: StaffChange[] = [];
  const doubts: { item: ResolvedRecord; doubt: Doubt }[] = [];
  for (const [at, item] of items.entries()) {
    const found = correlate(item.record, candidates[at]!, {
      unitId: mainUnit(item),
      keyedByCode: source === keyedByCode,
    });
    if (found.kind === 'doubt') doubts.push({ item, doubt: found });
    else
      changes.push({
        origin: item.origin,
        record: item.record,
        ...(found.kind === 'same' ? { staffId: found.staffId } : {}),
        ...unitsOf(item),
      });
  }
  const outcomes = changes.length === 0 ? [] : await call('staff.apply', { changes, source, actor, dryRun });
  const ids = dryRun
    ? []
    : await keepDecisions(
        db,
        doubts.map(({ item, doubt }) => toDecision(item, doubt, source, secrets)),
      );
  const asked = new Map(
    doubts.map(({ item, doubt }, nr): [ResolvedRecord, RowReport] => [
      item,
      {
        origin: item.origin,
        outcome: 'to-decide',
        ...flagsOf(item),
        errors: [explain(doubt, item.record.code)],
        ...(ids[nr] === undefined ? {} : { decisionId: ids[nr] }),
      },
    ]),
  );
  const applied = outcomes.values();
  return items.map(item => asked.get(item) ?? toReport(applied.next().value!, item));
};
