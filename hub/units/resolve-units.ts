import { fold } from '#hub/platform/vietnamese/fold.ts';
import { nearUnits } from '#hub/units/near-units.ts';
import type { UnitNames } from '#hub/units/unit-index.ts';
import type { ResolvedUnit, Unit } from '#schemas/unit.ts';

const isOpen = (unit: Unit): boolean => unit.validTo === undefined;

/** Words that people leave out or abbreviate in front of a unit's name. */
const abbreviations: [RegExp, string][] = [
  [/^tx\.? /, 'thi xa '],
  [/^tp\.? /, 'thanh pho '],
  [/^tt\.? /, 'thi tran '],
  [/^p\.? /, 'phuong '],
  [/^h\.? /, 'huyen '],
  [/^x\.? /, 'xa '],
  [/^vp\.? /, 'van phong '],
  [/^ubnd /, ''],
  [/^uy ban nhan dan /, ''],
];

const spellings = (folded: string): string[] => {
  const forms = new Set([folded]);
  for (const [pattern, full] of abbreviations)
    for (const form of [...forms]) if (pattern.test(form)) forms.add(form.replace(pattern, full));
  return [...forms];
};

/** `Xã Hương Phong, huyện A Lưới` or `… - …` or `… (…)`: a unit and, behind it, the one above. */
const splitParent = (folded: string): { own: string; above?: string } => {
  const match = /^(.+?)\s*(?:,| - |\(|;)\s*(.+?)\)?$/.exec(folded);
  return match === null ? { own: folded } : { own: match[1]!, above: match[2]! };
};

const lookUp = (names: UnitNames, folded: string): Unit[] =>
  spellings(folded).flatMap(form => names.byFolded.get(form) ?? []);

const isBelow = (names: UnitNames, unit: Unit, ancestors: Set<string>): boolean => {
  for (let at = unit.parentId; at !== undefined; at = names.latest.get(at)?.parentId)
    if (ancestors.has(at)) return true;
  return false;
};

/** Follows mergers to the unit that stands now; undefined when there is none or more than one. */
const successorOf = (names: UnitNames, unit: Unit): Unit | undefined => {
  let at = names.latest.get(unit.id);
  for (let steps = 0; at !== undefined && !isOpen(at) && steps < 10; steps++) {
    const [next, ...more] = at.successorIds ?? [];
    at = next === undefined || more.length > 0 ? undefined : names.latest.get(next);
  }
  return at !== undefined && isOpen(at) ? at : undefined;
};

const describe = (names: UnitNames, unit: Unit) => ({
  id: unit.id,
  code: unit.code,
  name: unit.name,
  ...(unit.parentId === undefined ? {} : { parentName: names.latest.get(unit.parentId)?.name ?? '' }),
});

const settle = (
  names: UnitNames,
  text: string,
  found: Unit[],
  match: 'code' | 'name' | 'folded',
): ResolvedUnit => {
  const latest = [...new Set(found.map(unit => unit.id))].map(id => names.latest.get(id)!);
  const open = latest.filter(isOpen);
  if (open.length === 1) return { text, match, unitId: open[0]!.id, name: open[0]!.name };
  if (open.length > 1)
    return { text, match: 'ambiguous', candidates: open.map(unit => describe(names, unit)) };
  const successors = [...new Set(latest.map(unit => successorOf(names, unit)))];
  const [only] = successors;
  if (successors.length === 1 && only !== undefined)
    return {
      text,
      match: 'merged',
      unitId: only.id,
      name: only.name,
      candidates: latest.map(unit => describe(names, unit)),
    };
  // Nobody took over: there is nothing to choose from.
  if (latest.every(unit => unit.successorIds === undefined)) return { text, match: 'unknown' };
  return {
    text,
    match: 'ambiguous',
    candidates: latest.map(unit => describe(names, unit)),
  };
};

const resolveOne = (names: UnitNames, text: string): ResolvedUnit => {
  const trimmed = text.normalize('NFC').trim();
  const byCode = names.byCode.get(trimmed.toLowerCase());
  if (byCode !== undefined) return settle(names, text, byCode, 'code');
  const folded = fold(trimmed);
  const whole = lookUp(names, folded);
  if (whole.length > 0) {
    // Spelt with its accents a name may tell apart what folding throws together (Hương Văn, Hương Vân).
    const exact = whole.filter(unit => unit.name.toLowerCase() === trimmed.toLowerCase());
    return exact.length > 0 ? settle(names, text, exact, 'name') : settle(names, text, whole, 'folded');
  }
  const { own, above } = splitParent(folded);
  if (above === undefined) return { text, match: 'unknown' };
  const ancestors = new Set(lookUp(names, above).map(unit => unit.id));
  return settle(
    names,
    text,
    lookUp(names, own).filter(unit => isBelow(names, unit, ancestors)),
    'folded',
  );
};

/** A unit that nobody knows comes with those that may be meant. */
const withNear = (names: UnitNames, resolved: ResolvedUnit): ResolvedUnit => {
  if (resolved.match !== 'unknown') return resolved;
  const candidates = nearUnits(names, fold(resolved.text)).map(unit => describe(names, unit));
  return candidates.length === 0 ? resolved : { ...resolved, candidates };
};

/** What each text names: a code, a name, a name without accents, with or without the unit above it. Pure. */
export const resolveUnits = (names: UnitNames, texts: string[]): ResolvedUnit[] => {
  const seen = new Map<string, ResolvedUnit>();
  return texts.map(text => {
    let resolved = seen.get(text);
    if (resolved === undefined) {
      resolved = withNear(names, resolveOne(names, text));
      seen.set(text, resolved);
    }
    return resolved;
  });
};
