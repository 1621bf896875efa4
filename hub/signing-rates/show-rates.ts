import { AppError } from '#hub/platform/errors.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import type { SignedShare, SigningRates, UnitRates } from '#schemas/signing-rates.ts';
import { unitLevels } from '#schemas/unit.ts';
import { readUnits } from './find-unit.ts';
import { countByMonth, countByUnit } from './rates-store.ts';
import { shareOf, sumOf } from './share.ts';

export interface RatesQuery {
  /** The first of January of the last day's year when absent. */
  from?: string;
  /** Today in Vietnam when absent. */
  until?: string;
  /** Id or code: only this unit and those below it. */
  unit?: string;
}

const levelOf = ({ level }: UnitRates): number => (unitLevels as readonly string[]).indexOf(level);
const inOrder = (a: UnitRates, b: UnitRates): number =>
  levelOf(a) - levelOf(b) || a.code.localeCompare(b.code, 'vi', { numeric: true });
const toNumber = ({ percent }: Pick<SignedShare, 'percent'>): number | null =>
  percent === null ? null : Number(percent);

/** Rates by unit for a period and since the beginning. @throws AppError `unknown-unit`, `invalid-request` when the period ends before it begins */
export const showRates = async (
  { db, call }: Pick<PartContext, 'db' | 'call'>,
  query: RatesQuery,
): Promise<SigningRates> => {
  const until = query.until ?? today();
  const from = query.from ?? `${until.slice(0, 4)}-01-01`;
  if (until < from)
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/until', code: 'bad-period' }] });
  const units = await readUnits(call);
  const top = query.unit === undefined ? undefined : units.find(query.unit);
  if (query.unit !== undefined && top === undefined) throw new AppError('unknown-unit', { unit: query.unit });
  const window = { from, until, unitIds: top && units.below(top.id) };
  const counts = await countByUnit(db, window);
  const items = counts
    .flatMap(({ unitId, period, ever }): UnitRates[] => {
      const unit = units.find(unitId);
      if (unit === undefined) return [];
      const { code, name, level } = unit;
      return [{ unitId, code, name, level, period: shareOf(period), sinceBeginning: shareOf(ever) }];
    })
    .sort(inOrder);
  const months = await countByMonth(db, window);
  return {
    ...{ from, until, items },
    total: {
      period: shareOf(sumOf(items.map(({ period }) => period))),
      sinceBeginning: shareOf(sumOf(items.map(({ sinceBeginning }) => sinceBeginning))),
    },
    chart: {
      units: {
        labels: items.map(({ name }) => name),
        period: items.map(({ period }) => toNumber(period)),
        sinceBeginning: items.map(({ sinceBeginning }) => toNumber(sinceBeginning)),
      },
      months: {
        labels: months.map(({ month }) => month),
        period: months.map(counts => toNumber(shareOf(counts))),
      },
    },
  };
};
