/**
 * Tells whether a key comes for the first time in `ms`, so that what is the same is noted once. Bounded: at `capacity`
 * keys the oldest is forgotten. `now` gives milliseconds.
 */
export const createFirstIn = (
  ms: number,
  { capacity = 10_000, now = () => performance.now() } = {},
): ((key: string) => boolean) => {
  const kept = new Map<string, number>();
  return key => {
    if ((kept.get(key) ?? Number.NEGATIVE_INFINITY) > now()) return false;
    kept.delete(key);
    if (kept.size >= capacity) kept.delete(kept.keys().next().value!);
    kept.set(key, now() + ms);
    return true;
  };
};
