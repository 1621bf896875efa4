import { formOfOrganId, guessCode2020 } from '#edxml/organ-id.ts';
import type { Call } from '#hub/platform/calls.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import type { Unit } from '#schemas/unit.ts';

/** Whom a code means: a unit of ours, perhaps one that is no more, or an organisation outside. */
export interface FoundOrgan {
  /** The same for every code of one organisation. */
  key: string;
  unit?: Unit;
  /** The unit has ended and nobody took over. */
  closed?: true;
}

/** Organisations by their codes, as they are on a day. */
export interface Organs {
  /** Undefined: it is no code at all. */
  find(organId: string): FoundOrgan | undefined;
}

/** Outside the register a code of 2016 and what it stands for are held to be one organisation. */
export const outsideKey = (organId: string): string => {
  const code = organId.trim().toUpperCase();
  return guessCode2020(code) ?? code;
};

/**
 * Codes of both forms by the register. A code of a unit that was merged means the one that took over.
 */
export const createOrgans = (units: Unit[], day: string): Organs => {
  const byId = new Map(units.map(unit => [unit.id, unit]));
  const byCode = new Map<string, Unit>();
  const isClosed = ({ validTo }: Unit): boolean => validTo !== undefined && validTo <= day;
  // Those in force last: a code that was given anew means its holder of today.
  for (const unit of units.toSorted((a, b) => Number(isClosed(b)) - Number(isClosed(a))))
    for (const code of [unit.code2016, unit.code2020]) if (code) byCode.set(code.toUpperCase(), unit);

  const follow = (unit: Unit, seen = new Set<string>()): Unit => {
    const [next, ...others] = unit.successorIds ?? [];
    if (!isClosed(unit) || next === undefined || others.length > 0 || seen.has(unit.id)) return unit;
    const successor = byId.get(next);
    return successor === undefined ? unit : follow(successor, seen.add(unit.id));
  };
  return {
    find(organId) {
      const code = organId.trim().toUpperCase();
      const known = byCode.get(code);
      if (known !== undefined) {
        const unit = follow(known);
        return { key: `unit:${unit.id}`, unit, ...(isClosed(unit) ? { closed: true } : {}) };
      }
      if (formOfOrganId(code) === undefined) return undefined;
      return { key: outsideKey(code) };
    },
  };
};

export const readOrgans = async (call: Call): Promise<Organs> =>
  createOrgans(await call('units.latest', {}), today());
