import type { HrRecord } from '#schemas/hr-record.ts';
import type { RowReport } from '#schemas/intake.ts';
import type { ResolvedUnit } from '#schemas/unit.ts';

type RowError = NonNullable<RowReport['errors']>[number];

/** The unit ids that a record means, or what is wrong with a unit that it names. */
export type RecordUnits = { unitIds?: string[]; mainUnitId?: string; flags: string[] } | { error: RowError };

/** Every unit text of a record. */
export const unitTexts = ({ positions, mainPosition }: HrRecord): string[] => [
  ...(positions ?? []).map(({ unit }) => unit),
  ...(mainPosition === undefined ? [] : [mainPosition.unit]),
];

const explain = ({ text, match, candidates }: ResolvedUnit): RowError => ({
  code: match === 'ambiguous' ? 'ambiguous-unit' : 'unknown-unit',
  field: 'unit',
  params: {
    unit: text,
    candidates: (candidates ?? [])
      .map(({ name, parentName, code }) => `${[name, parentName].filter(Boolean).join(', ')} (${code})`)
      .join('; '),
  },
});

/** A merged unit leads to its successor, with a flag. Pure. */
export const resolveRecordUnits = (record: HrRecord, resolved: Map<string, ResolvedUnit>): RecordUnits => {
  const found = unitTexts(record).map(text => resolved.get(text)!);
  const bad = found.find(({ unitId }) => unitId === undefined);
  if (bad !== undefined) return { error: explain(bad) };
  const ids = found.map(({ unitId }) => unitId!);
  const posts = record.positions?.length ?? 0;
  return {
    ...(record.positions === undefined ? {} : { unitIds: ids.slice(0, posts) }),
    ...(record.mainPosition === undefined ? {} : { mainUnitId: ids[posts]! }),
    flags: found.some(({ match }) => match === 'merged') ? ['unit-merged'] : [],
  };
};
