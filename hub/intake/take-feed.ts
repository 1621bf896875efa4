import { Compile } from 'typebox/compile';
import { keepDecisions } from '#hub/intake/decision-store.ts';
import { sealRecord } from '#hub/intake/seal-record.ts';
import { takeRecords } from '#hub/intake/take-records.ts';
import type { TakeRequest } from '#hub/intake/take-wave.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { HrRecord } from '#schemas/hr-record.ts';
import type { RowReport } from '#schemas/intake.ts';

type Deps = Pick<PartContext, 'db' | 'call' | 'secrets' | 'log'>;

const shape = Compile(HrRecord);

/**
 * Takes the changes of a feed. Nobody can be asked to correct and send again what a feed says, and the feed
 * goes on: a change that is refused is kept in the decision queue, to be taken again when its cause is mended.
 */
export const takeFeed = async (
  deps: Deps,
  source: string,
  records: TakeRequest['records'],
): Promise<void> => {
  const { db, log, secrets } = deps;
  const good = records.filter(({ record }) => shape.Check(record));
  const unreadable = records
    .filter(({ record }) => !shape.Check(record))
    .map(
      ({ origin }): RowReport => ({ origin, outcome: 'refused', errors: [{ code: 'record-unreadable' }] }),
    );
  const reports = await takeRecords(deps, { records: good, source, actor: `connector/${source}` });
  const byOrigin = new Map(records.map(({ origin, record }) => [origin, record]));
  const left = [...reports, ...unreadable].filter(
    ({ outcome }) => outcome === 'refused' || outcome === 'to-decide',
  );
  for (const { origin, outcome, errors } of left)
    log.warn({ origin, outcome, code: errors?.[0]?.code }, 'an HR change waits in the decision queue');
  await keepDecisions(
    db,
    left
      .filter(({ outcome }) => outcome === 'refused')
      .map(({ origin, errors }) => ({
        source,
        origin,
        reason: errors?.[0]?.code ?? 'refused',
        ...sealRecord(secrets, byOrigin.get(origin)!),
        unitIds: {},
        candidates: [],
      })),
  );
};
