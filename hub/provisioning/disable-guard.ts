import type { DisableGuard } from '#schemas/app.ts';

/**
 * So many leavers at once are ordinary, however small the app or the unit: of a village office of eight,
 * one person is already 12 %. Percentages count only above this number.
 */
export const ordinaryLeavers = 5;

/** Whether disabling `count` accounts of `total` (of an app, or of one unit in it) needs to be asked for. */
export const exceedsPercent = (guard: DisableGuard, count: number, total: number): boolean =>
  count > ordinaryLeavers && count * 100 > guard.maxPercent * Math.max(total, count);

/** One account that a plan would disable, with the person's unit when it is known. */
export interface Disable {
  unitId?: string | undefined;
}

/** How many accounts there are: of the app, and by unit of the person (absent: not known, not judged). */
export interface AccountCounts {
  total: number;
  byUnit?: ReadonlyMap<string, number> | undefined;
}

/**
 * The rule for a plan as a whole (reconciliation): undefined when it may be written, or what must be
 * confirmed. More than N accounts, more than P % of the app's, or more than P % of one unit's; a unit's
 * share counts above five people (`ordinaryLeavers`), the app's share always.
 */
export const planExceeds = (
  guard: DisableGuard,
  disables: readonly Disable[],
  counts: AccountCounts,
): { count: number; percent: number } | undefined => {
  const count = disables.length;
  if (count === 0) return undefined;
  const percent = Math.round((count * 1000) / Math.max(counts.total, count)) / 10;
  if (count > guard.maxAccounts || count * 100 > guard.maxPercent * Math.max(counts.total, count))
    return { count, percent };
  const byUnit = new Map<string, number>();
  for (const { unitId } of disables)
    if (unitId !== undefined) byUnit.set(unitId, (byUnit.get(unitId) ?? 0) + 1);
  for (const [unitId, ofUnit] of counts.byUnit === undefined ? [] : byUnit) {
    const total = Math.max(counts.byUnit?.get(unitId) ?? 0, ofUnit);
    if (exceedsPercent(guard, ofUnit, total))
      return { count: ofUnit, percent: Math.round((ofUnit * 1000) / total) / 10 };
  }
  return undefined;
};

/**
 * The rule for live traffic: of the disables that come up one by one, as many pass within the window as the
 * guard allows; the further ones are held and ask. More than N, or more than P % of the app's accounts or of
 * one unit's (both only above five). `recent` are those admitted within the window, by unit, '' without one;
 * `counts.byUnit` are the people who are still there.
 */
export const admitDisables = <T extends Disable>(
  guard: DisableGuard,
  candidates: readonly T[],
  recent: ReadonlyMap<string, number>,
  counts: AccountCounts,
): { admitted: T[]; held: T[] } => {
  const byUnit = new Map(recent);
  let count = [...recent.values()].reduce((sum, one) => sum + one, 0);
  const admitted: T[] = [];
  const held: T[] = [];
  for (const candidate of candidates) {
    const unit = candidate.unitId ?? '';
    const ofUnit = (byUnit.get(unit) ?? 0) + 1;
    const tooMany =
      count + 1 > guard.maxAccounts ||
      exceedsPercent(guard, count + 1, counts.total) ||
      (unit !== '' &&
        counts.byUnit !== undefined &&
        exceedsPercent(guard, ofUnit, (counts.byUnit.get(unit) ?? 0) + ofUnit));
    if (tooMany) {
      held.push(candidate);
      continue;
    }
    count += 1;
    byUnit.set(unit, ofUnit);
    admitted.push(candidate);
  }
  return { admitted, held };
};
