/** What is kept of transactions at most; the oldest go first. */
const most = 10_000;

/**
 * Work that a service cannot be asked twice for: the same `transactionId` again, also while the first is under way,
 * gives the first one's answer. Failures are forgotten, and so is what `expiresAt` says is over. Kept in this process
 * only: what must outlive it, the hub keeps.
 */
export const createSameTransaction = <T extends object>(
  expiresAt: (answer: T) => number,
  now: () => number = Date.now,
) => {
  const known = new Map<string, Promise<T>>();
  const once = async (transactionId: string, work: () => Promise<T>): Promise<T> => {
    const earlier = known.get(transactionId);
    if (earlier !== undefined) {
      const answer = await earlier;
      if (expiresAt(answer) > now()) return answer;
      if (known.get(transactionId) === earlier) known.delete(transactionId);
      return once(transactionId, work);
    }
    const first = work();
    known.set(transactionId, first);
    if (known.size > most) known.delete(known.keys().next().value as string);
    first.catch(() => known.delete(transactionId));
    return first;
  };
  return { once, forget: (transactionId: string) => known.delete(transactionId) };
};
