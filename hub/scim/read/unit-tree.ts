import type { Unit } from '#schemas/unit.ts';

/** The units in force, and where each lies. */
export interface UnitTree {
  units: ReadonlyMap<string, Unit>;
  childrenOf(id: string): Unit[];
  /** The agency or local authority that the unit belongs to, perhaps itself. */
  organizationOf(id: string): Unit | undefined;
  /** The part right below the organization in which the unit lies; undefined for the organization itself. */
  divisionOf(id: string): Unit | undefined;
  /** These units and all below them, also those that are no more: people stay in a merged unit until they are moved. */
  below(ids: readonly string[]): Set<string>;
}

/** Levels that have a seal of their own: what a person's organization may be. */
const bodies = ['agency', 'district', 'commune'];

/** From every unit in its last period. */
export const createUnitTree = (all: Unit[]): UnitTree => {
  const inForce = all.filter(({ validTo }) => validTo === undefined);
  const units = new Map(inForce.map(unit => [unit.id, unit]));
  const children = Map.groupBy(inForce, unit => unit.parentId);
  const everBelow = Map.groupBy(all, unit => unit.parentId);
  /** The unit, then what is above it; a tree that goes in a circle ends. */
  const upwards = (id: string): Unit[] => {
    const path: Unit[] = [];
    for (let at = units.get(id); at !== undefined && !path.includes(at); at = units.get(at.parentId ?? ''))
      path.push(at);
    return path;
  };
  const nearestBody = (path: Unit[]): number => path.findIndex(({ level }) => bodies.includes(level));
  return {
    units,
    childrenOf: id => children.get(id) ?? [],
    organizationOf(id) {
      const path = upwards(id);
      return path[nearestBody(path)] ?? path.at(-1);
    },
    divisionOf(id) {
      const path = upwards(id);
      const body = nearestBody(path);
      return path[(body === -1 ? path.length - 1 : body) - 1];
    },
    below(ids) {
      const found = new Set<string>();
      const wanted = [...ids];
      for (let id = wanted.pop(); id !== undefined; id = wanted.pop()) {
        if (found.has(id)) continue;
        found.add(id);
        for (const child of everBelow.get(id) ?? []) wanted.push(child.id);
      }
      return found;
    },
  };
};
