/** A stream of pseudo-random choices that is the same for the same seed, on every machine. Not for secrets. */
export type Random = {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** An integer from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** Whether something of this probability (0 to 1) happens. */
  chance(probability: number): boolean;
  /** One of a list; the list is not empty. */
  pick<T>(list: readonly T[]): T;
};

/** mulberry32: 32 bits of state, plenty for inventing people. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    chance: probability => next() < probability,
    pick: list => list[below(list.length)]!,
  };
}

/** A number for a text, to give each app a stream of its own (FNV-1a). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Spreads `[value, weight]` pairs into a list of 1000 or so entries to pick from, in time independent of their number. */
export function spread<T>(weighted: readonly (readonly [T, number])[]): T[] {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  return weighted.flatMap(([value, weight]) =>
    Array<T>(Math.max(1, Math.round((1000 * weight) / total))).fill(value),
  );
}
