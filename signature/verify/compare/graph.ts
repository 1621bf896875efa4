import type { Findings } from '#signature/verify/compare/findings.ts';
import { Dict, Name, Ref, Stream, Text, type Value } from '#signature/verify/file/values.ts';
import type { View } from '#signature/verify/file/view.ts';

type Pair = { old: Value; now: Value; place: string };

/** Whether two values that hold no others are the same. */
const sameLeaf = (old: Value, now: Value): boolean => {
  if (old instanceof Name) return now instanceof Name && old.name === now.name;
  if (old instanceof Text) return now instanceof Text && old.bytes.equals(now.bytes);
  return old === now;
};

const kindOf = (value: Value): unknown => {
  if (Array.isArray(value)) return Array;
  for (const kind of [Dict, Stream]) if (value instanceof kind) return kind;
  return undefined;
};

/**
 * Compares everything that can be reached from two values, in the two views of a file, and finds each difference. Objects
 * at the same bytes are the same: only what they refer to is followed. `owned`: objects that have rules of their own; here
 * only their number must be the same.
 */
export class Graph {
  readonly #old: View;
  readonly #now: View;
  readonly #owned: ReadonlySet<number>;
  readonly #findings: Findings;
  readonly #clean: ReadonlySet<number>;
  /** The objects that were reached under one and the same number. */
  readonly seen = new Set<number>();
  readonly #seenPairs = new Set<string>();
  readonly #pending: Pair[] = [];

  /** `clean`: objects under which an earlier comparison found everything the same. */
  constructor(
    old: View,
    now: View,
    owned: ReadonlySet<number>,
    findings: Findings,
    clean: ReadonlySet<number>,
  ) {
    this.#clean = clean;
    this.#old = old;
    this.#now = now;
    this.#owned = owned;
    this.#findings = findings;
  }

  compare(old: Value | undefined, now: Value | undefined, place: string): void {
    this.#pending.push({ old: old ?? null, now: now ?? null, place });
    for (let pair = this.#pending.pop(); pair; pair = this.#pending.pop()) {
      this.#findings.step();
      this.#look(pair);
    }
  }

  #look({ old, now, place }: Pair): void {
    if (old instanceof Ref && now instanceof Ref) {
      this.#lookAtRefs(old, now, place);
      return;
    }
    if (old instanceof Ref || now instanceof Ref) {
      this.#lookAtValues(this.#old.resolve(old), this.#now.resolve(now), place);
      return;
    }
    this.#lookAtValues(old, now, place);
  }

  #lookAtRefs(old: Ref, now: Ref, place: string): void {
    if (old.number !== now.number) {
      const key = `${old.number} ${now.number}`;
      if (this.#seenPairs.has(key)) return;
      this.#seenPairs.add(key);
      if (this.#owned.has(old.number) || this.#owned.has(now.number)) {
        this.#differ(place, now.number);
        return;
      }
      this.#lookAtValues(this.#old.resolve(old), this.#now.resolve(now), place, now.number);
      return;
    }
    const { number } = old;
    if (this.#owned.has(number) || this.seen.has(number) || this.#clean.has(number)) return;
    this.seen.add(number);
    const value = this.#old.get(number);
    if (value instanceof Stream) this.#old.checkEnd(value);
    if (this.#old.placeOf(number) === this.#now.placeOf(number)) this.#follow(value, place);
    else this.#lookAtValues(value, this.#now.get(number), place, number);
  }

  /** Of an object at the same bytes in both views: what it refers to. */
  #follow(value: Value, place: string): void {
    if (value instanceof Ref) this.#pending.push({ old: value, now: value, place });
    else if (value instanceof Stream) this.#follow(value.dict, place);
    else if (value instanceof Dict) for (const item of value.values()) this.#follow(item, place);
    else if (Array.isArray(value)) for (const item of value) this.#follow(item, place);
  }

  #lookAtValues(old: Value, now: Value, place: string, number?: number): void {
    const kind = kindOf(old);
    if (kind !== kindOf(now)) {
      this.#differ(place, number);
      return;
    }
    if (kind === undefined) {
      if (old instanceof Ref && now instanceof Ref) this.#lookAtRefs(old, now, place);
      else if (!sameLeaf(old, now)) this.#differ(place, number);
    } else if (Array.isArray(old) && Array.isArray(now)) {
      if (old.length !== now.length) {
        this.#differ(place, number);
        return;
      }
      for (const [index, item] of old.entries()) this.#pending.push({ old: item, now: now[index]!, place });
    } else if (old instanceof Dict && now instanceof Dict) {
      this.#lookAtDicts(old, now, place, number);
    } else if (old instanceof Stream && now instanceof Stream) {
      this.#lookAtDicts(old.dict, now.dict, place, number);
      if (old !== now && !this.#old.dataOf(old).equals(this.#now.dataOf(now))) this.#differ(place, number);
    }
  }

  #lookAtDicts(old: Dict, now: Dict, place: string, number?: number): void {
    if (now.repeats) this.#differ(place, number);
    for (const key of new Set([...old.keys(), ...now.keys()])) {
      const pair = { old: old.get(key) ?? null, now: now.get(key) ?? null };
      // Where a leaf differs, the place names its key.
      const known = pair.old instanceof Ref || pair.now instanceof Ref || kindOf(pair.old) !== undefined;
      if (known) this.#pending.push({ ...pair, place });
      else if (kindOf(pair.now) !== undefined || !sameLeaf(pair.old, pair.now)) {
        this.#differ(`${place} /${key}`, number);
      }
    }
  }

  #differ(place: string, number?: number): void {
    this.#findings.add('content-changed', number === undefined ? place : `${place}, object ${number}`);
  }
}
