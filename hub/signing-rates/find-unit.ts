import type { Call } from '#hub/platform/calls.ts';
import type { Unit } from '#schemas/unit.ts';

/** Every unit, those too that are no more: documents stay with who issued them. */
export const readUnits = async (call: Call) => {
  const units = await call('units.latest', {});
  const byKey = new Map<string, Unit>();
  const children = Map.groupBy(units, ({ parentId }) => parentId);
  // Our own codes last: they win over official ones that happen to be the same.
  for (const key of ['code2016', 'code2020', 'code', 'id'] as const)
    for (const unit of units) if (unit[key] !== undefined) byKey.set(unit[key].toLowerCase(), unit);
  const below = (id: string): string[] => [id, ...(children.get(id) ?? []).flatMap(unit => below(unit.id))];
  return {
    /** By id or code, whatever the case. */
    find: (key: string): Unit | undefined => byKey.get(key.trim().toLowerCase()),
    /** The unit and all below it. */
    below,
  };
};
