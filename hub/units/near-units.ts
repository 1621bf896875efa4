import { fold } from '#hub/platform/vietnamese/fold.ts';
import type { UnitNames } from '#hub/units/unit-index.ts';
import type { Unit } from '#schemas/unit.ts';

/** Kinds of units as they stand in front of names, folded. */
const kind =
  /^(?:tinh|thanh pho|thi xa|thi tran|huyen|quan|phuong|xa|so|ban|nganh|phong|van phong|chi cuc|cuc|trung tam|truong|uy ban nhan dan|ubnd|tp|tx|tt)\.? /;

const most = 3;
/** Shared trigrams of all (Jaccard); below it a name is only another name. */
const near = 0.35;

const bareName = (folded: string): string => {
  const bare = folded.replace(kind, '');
  return bare === folded ? folded : bareName(bare);
};

/** Threes of letters with the ends marked, as PostgreSQL's pg_trgm makes them. */
const trigramsOf = (text: string): Set<string> => {
  const padded = `  ${text} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)));
};

interface Neighbourhood {
  byBare: Map<string, Unit[]>;
  byTrigram: Map<string, Unit[]>;
  sizes: Map<Unit, number>;
}
const kept = new WeakMap<UnitNames, Neighbourhood>();

const push = <T>(map: Map<string, T[]>, key: string, value: T): void => {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
};

/** Units in force by bare name and by trigram; made once an index, when first something is unknown. */
const neighbourhoodOf = (names: UnitNames): Neighbourhood => {
  const known = kept.get(names);
  if (known !== undefined) return known;
  const made: Neighbourhood = { byBare: new Map(), byTrigram: new Map(), sizes: new Map() };
  for (const unit of names.latest.values()) {
    if (unit.validTo !== undefined) continue;
    const bare = bareName(fold(unit.name));
    push(made.byBare, bare, unit);
    const trigrams = trigramsOf(bare);
    made.sizes.set(unit, trigrams.size);
    for (const trigram of trigrams) push(made.byTrigram, trigram, unit);
  }
  kept.set(names, made);
  return made;
};

/**
 * Units in force that a text may have meant: the same name with another kind of unit in front or none, else names that
 * are spelt alike; at most three, the nearest first. Pure.
 */
export const nearUnits = (names: UnitNames, folded: string): Unit[] => {
  const { byBare, byTrigram, sizes } = neighbourhoodOf(names);
  // Behind a comma or in brackets stands the unit above.
  const bare = bareName(folded.split(/\s*(?:,| - |\(|;)/)[0]!);
  const same = byBare.get(bare);
  if (same !== undefined) return same.slice(0, most);
  const trigrams = trigramsOf(bare.slice(0, 100));
  const shared = new Map<Unit, number>();
  for (const trigram of trigrams)
    for (const unit of byTrigram.get(trigram) ?? []) shared.set(unit, (shared.get(unit) ?? 0) + 1);
  return [...shared]
    .map(([unit, count]) => ({ unit, likeness: count / (trigrams.size + sizes.get(unit)! - count) }))
    .filter(({ likeness }) => likeness >= near)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, most)
    .map(({ unit }) => unit);
};
