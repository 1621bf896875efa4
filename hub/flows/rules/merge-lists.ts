/** A thing as one side holds it: `externalId` is that side's own word for it, `id` the hub's once it has one. */
export type MergedItem = Record<string, unknown> & { externalId: string; id?: string };
type Values = Record<string, unknown>;

export interface ListsToMerge {
  one: MergedItem[];
  other: MergedItem[];
  /** What both held after the last time, by id. */
  kept: Record<string, Values>;
  /** What counts; everything else is not compared and not written. */
  fields: string[];
  /** What stands for "nothing" in a field. A field without one is left as it is where it is absent. */
  blank: Values;
  /** Things that people wrote on both sides are the same when these fields are. */
  same: string[];
  /** Begin the ids of things that were first written there. */
  prefixes: { one: string; other: string };
}

export interface MergedLists {
  /** What each side has to be written. */
  toOne: Values[];
  toOther: Values[];
  kept: Record<string, Values>;
}

/**
 * Brings two lists of the same things together, by what both held the last time: who changed a thing since then is followed, and
 * `one` when both did. What is on both sides and alike is written to neither, so lists come to rest. What was known and is on one side only
 * has been moved out of sight of the other: it is left alone. Pure.
 */
export const mergeLists = ({
  one,
  other,
  kept,
  fields,
  blank,
  same,
  prefixes,
}: ListsToMerge): MergedLists => {
  const valuesOf = (item: Values): Values =>
    Object.fromEntries(
      fields.map(field => [field, item[field] ?? blank[field]]).filter(([, value]) => value !== undefined),
    );
  const textOf = (values: Values): string => JSON.stringify(fields.map(field => values[field] ?? null));
  const likeness = (item: MergedItem): string => JSON.stringify(same.map(field => item[field] ?? null));

  const ids = new Map<MergedItem, string>();
  for (const item of [...one, ...other]) if (item.id !== undefined) ids.set(item, item.id);
  const isOn = (list: MergedItem[], id: string): boolean => list.some(item => ids.get(item) === id);
  for (const [here, there, prefix] of [
    [one, other, prefixes.one],
    [other, one, prefixes.other],
  ] as const)
    for (const item of here) {
      if (ids.has(item)) continue;
      const twin = there.find(
        candidate =>
          likeness(candidate) === likeness(item) && !(ids.has(candidate) && isOn(here, ids.get(candidate)!)),
      );
      const id = (twin && ids.get(twin)) ?? `${prefix}${item.externalId}`;
      ids.set(item, id);
      if (twin !== undefined) ids.set(twin, id);
    }

  const result: MergedLists = { toOne: [], toOther: [], kept: {} };
  const byId = (list: MergedItem[]) => new Map(list.map(item => [ids.get(item)!, item]));
  const [ones, others] = [byId(one), byId(other)];
  for (const id of new Set([...ones.keys(), ...others.keys()])) {
    const [here, there, before] = [ones.get(id), others.get(id), kept[id]];
    const [hereIs, thereIs] = [here && valuesOf(here), there && valuesOf(there)];
    if (before !== undefined && (here === undefined || there === undefined)) {
      result.kept[id] = before;
      continue;
    }
    const changedHere = hereIs !== undefined && (before === undefined || textOf(hereIs) !== textOf(before));
    const wanted = changedHere || thereIs === undefined ? hereIs! : thereIs;
    const write = (item: MergedItem | undefined, is: Values | undefined): Values[] =>
      item?.id !== undefined && textOf(is!) === textOf(wanted)
        ? []
        : [
            {
              id,
              ...(item === undefined || item.id !== undefined ? {} : { externalId: item.externalId }),
              ...wanted,
            },
          ];
    result.toOne.push(...write(here, hereIs));
    result.toOther.push(...write(there, thereIs));
    result.kept[id] = wanted;
  }
  return result;
};
