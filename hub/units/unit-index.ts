import type { Database } from '#hub/platform/database.ts';
import { fold } from '#hub/platform/vietnamese/fold.ts';
import { allPeriods } from '#hub/units/units-store.ts';
import type { Unit } from '#schemas/unit.ts';

/** Everything that a text may mean by a unit: codes and folded names to the periods that bore them. */
export interface UnitNames {
  byCode: Map<string, Unit[]>;
  byFolded: Map<string, Unit[]>;
  /** The period in force, or the last one. */
  latest: Map<string, Unit>;
}

const keepMs = 5_000;

const add = (map: Map<string, Unit[]>, key: string, unit: Unit): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [unit]);
  else if (!list.some(other => other.id === unit.id)) list.push(unit);
};

export const indexUnits = (periods: Unit[]): UnitNames => {
  const names: UnitNames = { byCode: new Map(), byFolded: new Map(), latest: new Map() };
  // Newest first: the first period seen of a unit is its latest.
  for (const unit of periods) {
    if (!names.latest.has(unit.id)) names.latest.set(unit.id, unit);
    for (const code of [unit.code, unit.code2016, unit.code2020])
      if (code !== undefined) add(names.byCode, code.toLowerCase(), unit);
    add(names.byFolded, fold(unit.name), unit);
  }
  return names;
};

/** Keeps the index for five seconds: thousands of rows ask, units change a few times a year. */
export const createUnitIndex = (db: Database) => {
  let kept: { at: number; names: Promise<UnitNames> } | undefined;
  return {
    current(): Promise<UnitNames> {
      if (kept === undefined || Date.now() - kept.at > keepMs)
        kept = { at: Date.now(), names: allPeriods(db).then(indexUnits) };
      kept.names.catch(() => {
        kept = undefined;
      });
      return kept.names;
    },
    forget(): void {
      kept = undefined;
    },
  };
};
