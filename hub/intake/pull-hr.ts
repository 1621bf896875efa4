import { leaseFeed, releaseFeed } from '#hub/intake/hr-feed-store.ts';
import { takeRecords } from '#hub/intake/take-records.ts';
import type { PartContext } from '#hub/platform/part.ts';
import type { HrRecord } from '#schemas/hr-record.ts';

const pageSize = 200;
const everyMs = 500;
const longestWaitMs = 30_000;
/** A dead node's feed moves on after this; a page takes seconds, and two nodes at one page do no harm. */
const leaseSeconds = 30;

type Step = 'more' | 'idle' | 'failed' | 'not-taken';

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

  const step = async (): Promise<Step> => {
    const feed = await leaseFeed(db, source, leaseSeconds);
    if (feed === undefined) return 'idle';
    const before = feed.cursor;
    let cursor = before;
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
      await releaseFeed(db, source, { before, after: cursor });
    }
  };

  const run = async (): Promise<void> => {
    let down = false;
    while (running) {
      const outcome = await step().catch((error: Error): Step => {
        // The words of the error may quote a record: only its kind is told.
        if (!down) log.error({ source, error: error.name }, 'HR changes cannot be taken');
        return 'not-taken';
      });
      // Said once when it breaks and once when it is mended.
      if (outcome === 'failed' && !down) log.warn({ source }, 'the HR software cannot be read');
      const works = outcome === 'more' || outcome === 'idle';
      if (works && down) log.info({ source }, 'HR changes are taken again');
      down = !works;
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
