/** Asks, or answers what was told a moment ago. */
export type Remembered<T> = ((key: string) => Promise<T>) & {
  /** The next one who wants to know asks again. */
  forget(key: string): void;
};

/**
 * Asks once in `ms` for each key, however many want to know. What failed is not kept. Bounded: at `capacity` keys the
 * oldest is forgotten. `now` gives milliseconds.
 */
export const rememberBriefly = <T>(
  ms: number,
  ask: (key: string) => Promise<T>,
  { capacity = 10_000, now = () => performance.now() } = {},
): Remembered<T> => {
  const kept = new Map<string, { answer: Promise<T>; until: number }>();
  const remember = (key: string): Promise<T> => {
    const found = kept.get(key);
    if (found !== undefined && found.until > now()) return found.answer;
    kept.delete(key);
    if (kept.size >= capacity) kept.delete(kept.keys().next().value!);
    const entry = { answer: ask(key), until: now() + ms };
    entry.answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    kept.set(key, entry);
    return entry.answer;
  };
  return Object.assign(remember, { forget: (key: string) => void kept.delete(key) });
};
