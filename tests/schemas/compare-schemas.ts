/** A JSON Schema as plain data. */
export type Json = Record<string, unknown>;

/** What readers of a published schema would notice. */
export interface Breach {
  /** JSON pointer into the schema. */
  pointer: string;
  kind:
    | 'property-removed'
    | 'newly-required'
    | 'no-longer-required'
    | 'type-changed'
    | 'values-removed'
    | 'values-added'
    | 'alternatives-changed'
    | 'keyword-changed';
  detail: string;
}

/** Words for people: they may change in a version. */
const annotations = new Set(['$schema', '$id', '$comment', 'title', 'description', 'examples', 'deprecated']);
/** Compared by rules of their own. */
const structural = new Set([
  'type',
  'properties',
  'required',
  'items',
  'enum',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
]);

const text = (value: unknown): string => JSON.stringify(value) ?? 'absent';
const listOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
const without = (some: unknown[], others: unknown[]): string[] => {
  const known = new Set(others.map(text));
  return some.map(text).filter(one => !known.has(one));
};

const compareProperties = (before: Json, now: Json, at: string): Breach[] => {
  const old = (before.properties ?? {}) as Record<string, Json>;
  const current = (now.properties ?? {}) as Record<string, Json>;
  const requiredBefore = listOf(before.required) as string[];
  const requiredNow = listOf(now.required) as string[];
  return [
    ...Object.entries(old).flatMap(([name, schema]): Breach[] => {
      const pointer = `${at}/properties/${name}`;
      return current[name] === undefined
        ? [{ pointer, kind: 'property-removed', detail: name }]
        : compareSchemas(schema, current[name], pointer);
    }),
    ...requiredNow
      .filter(name => !requiredBefore.includes(name))
      .map((name): Breach => ({ pointer: `${at}/required`, kind: 'newly-required', detail: name })),
    ...requiredBefore
      .filter(name => !requiredNow.includes(name))
      .map((name): Breach => ({ pointer: `${at}/required`, kind: 'no-longer-required', detail: name })),
  ];
};

const compareValues = (before: Json, now: Json, at: string): Breach[] => {
  const [old, current] = [before, now].map(one => ('const' in one ? [one.const] : listOf(one.enum)));
  if (old!.length === 0 && current!.length === 0) return [];
  return [
    // Without a list every value may come: a list that is new takes values away, one that is gone adds some.
    ...(current!.length === 0 ? [] : old!.length === 0 ? ['all others'] : without(old!, current!)).map(
      (detail): Breach => ({ pointer: at, kind: 'values-removed', detail }),
    ),
    ...(old!.length === 0 ? [] : current!.length === 0 ? ['all others'] : without(current!, old!)).map(
      (detail): Breach => ({ pointer: at, kind: 'values-added', detail }),
    ),
  ];
};

const compareAlternatives = (before: Json, now: Json, at: string, keyword: string): Breach[] => {
  const [old, current] = [listOf(before[keyword]) as Json[], listOf(now[keyword]) as Json[]];
  const pointer = `${at}/${keyword}`;
  if (old.length !== current.length)
    return [{ pointer, kind: 'alternatives-changed', detail: `${old.length} → ${current.length}` }];
  return old.flatMap((schema, nr) => compareSchemas(schema, current[nr]!, `${pointer}/${nr}`));
};

/**
 * What forbids that the current schema takes the place of the published one. Only optional properties may be added,
 * and words changed: then whoever reads by the published schema understands every new event (nothing that they count
 * on is gone, no value comes that they do not know), and events of the log from before fit the current schema
 * (nothing is asked that they have not got). A keyword that is not known here must stay as it is. Pure.
 */
export const compareSchemas = (published: Json, current: Json, at = ''): Breach[] => {
  const types = [published.type, current.type].map(type => listOf(type).map(text).sort().join());
  const others = [...new Set([...Object.keys(published), ...Object.keys(current)])].filter(
    keyword => !annotations.has(keyword) && !structural.has(keyword),
  );
  const [itemsBefore, itemsNow] = [published.items, current.items] as (Json | undefined)[];
  return [
    ...(types[0] === types[1]
      ? []
      : [{ pointer: at, kind: 'type-changed', detail: `${types[0]} → ${types[1]}` } satisfies Breach]),
    ...compareProperties(published, current, at),
    ...compareValues(published, current, at),
    ...(itemsBefore !== undefined && itemsNow !== undefined
      ? compareSchemas(itemsBefore, itemsNow, `${at}/items`)
      : itemsBefore === itemsNow
        ? []
        : [{ pointer: `${at}/items`, kind: 'keyword-changed', detail: 'items' } satisfies Breach]),
    ...['anyOf', 'oneOf', 'allOf'].flatMap(keyword => compareAlternatives(published, current, at, keyword)),
    ...others
      .filter(keyword => text(published[keyword]) !== text(current[keyword]))
      .map(
        (keyword): Breach => ({
          pointer: `${at}/${keyword}`,
          kind: 'keyword-changed',
          detail: `${text(published[keyword])} → ${text(current[keyword])}`,
        }),
      ),
  ];
};
