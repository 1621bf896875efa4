import { leaseFeed, releaseFeed } from '#hub/intake/hr-feed-store.ts';
import { takeRecords } from '#hub/intake/take-records.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { HrRecord } from '#schemas/hr-record.ts';

const pageSize = 200;
const everyMs = 500;
const longestWaitMs = 30_000;
const leaseSeconds = 120;

interface Pulled {
  changes: { record: HrRecord; cursor: string }[];
  cursor?: string;
  more: boolean;
}

/**
 * Follows the change list of the HR software on one node at a time. The cursor moves only when a whole page
 * was taken; a page taken twice changes nothing, since every record has its origin `hr/<cursor>`.
 */
export const createHrPull = (context: PartContext, source = 'hr') => {
  const { call, db, log } = context;
  let running = true;
  let waitMs = everyMs;
  let wakeUp = (): void => {};
  let loop: Promise<void> = Promise.resolve();

  const step = async (): Promise<'more' | 'idle' | 'failed'> => {
    const feed = await leaseFeed(db, source, leaseSeconds);
    if (feed === undefined) return 'idle';
    let { cursor } = feed;
    try {
      const answer = await call('connectors.invoke', {
        id: source,
        port: 'hrSource',
        method: 'pull',
        input: [{ ...(cursor === null ? {} : { after: cursor }), limit: pageSize }],
      });
      if (!answer.ok) return 'failed';
      const page = answer.result as Pulled;
      const records = page.changes.map(change => ({
        origin: `${source}/${change.cursor}`,
        record: change.record,
      }));
      for (const report of await takeRecords(context, { records, source, actor: `connector/${source}` }))
        if (report.outcome === 'refused' || report.outcome === 'to-decide')
          log.warn(
            { origin: report.origin, outcome: report.outcome, code: report.errors?.[0]?.code },
            'an HR change was not applied',
          );
      cursor = page.cursor ?? page.changes.at(-1)?.cursor ?? cursor;
      return page.more ? 'more' : 'idle';
    } finally {
      await releaseFeed(db, source, cursor);
    }
  };

  const run = async (): Promise<void> => {
    let down = false;
    while (running) {
      const outcome = await step().catch(() => 'failed' as const);
      // Said once when it breaks and once when it is mended.
      if (outcome === 'failed' && !down) log.warn({ source }, 'the HR software cannot be read');
      if (outcome !== 'failed' && down) log.info({ source }, 'the HR software can be read again');
      down = outcome === 'failed';
      if (outcome === 'more') continue;
      waitMs = down ? Math.min(waitMs * 2, longestWaitMs) : everyMs;
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, waitMs);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  return {
    start(): void {
      loop = run();
    },
    async stop(): Promise<void> {
      running = false;
      wakeUp();
      await loop;
    },
  };
};
