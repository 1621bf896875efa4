import { advanceFeed, leaseFeed, releaseFeed } from '#hub/intake/hr-feed-store.ts';
import { splitStretches } from '#hub/intake/split-waves.ts';
import { takeFeed } from '#hub/intake/take-feed.ts';
import { isDatabaseAway } from '#hub/platform/database.ts';
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
 * Follows the change list of the HR software on one node at a time. The cursor moves after every stretch in which
 * nobody appears twice. A stretch taken twice (a node was killed) changes nothing: every applied record has its
 * origin `hr/<cursor>`, and one that changed nothing was not followed by another of the same person.
 */
export const createHrPull = (context: PartContext, source = 'hr') => {
  const { call, db, log } = context;
  let running = true;
  let waitMs = everyMs;
  let wakeUp = (): void => {};
  let loop: Promise<void> = Promise.resolve();

  const take = (changes: Pulled['changes']): Promise<void> =>
    takeFeed(
      context,
      source,
      changes.map(({ cursor, record }) => ({ origin: `${source}/${cursor}`, record })),
    );

  /** The database was away when the feed was to be given back: done first of all, or it waits for its lease. */
  let heldTooLong = false;
  const giveBack = async (): Promise<void> => {
    heldTooLong = true;
    await releaseFeed(db, source);
    heldTooLong = false;
  };

  const step = async (): Promise<Step> => {
    if (heldTooLong) await giveBack();
    const feed = await leaseFeed(db, source, leaseSeconds);
    if (feed === undefined) return 'idle';
    let { cursor } = feed;
    const moveTo = async (after: string): Promise<void> => {
      await advanceFeed(db, source, { before: cursor, after }, leaseSeconds);
      cursor = after;
    };
    try {
      const answer = await call('connectors.invoke', {
        id: source,
        port: 'hrSource',
        method: 'pull',
        input: [{ ...(cursor === null ? {} : { after: cursor }), limit: pageSize }],
      });
      if (!answer.ok) return 'failed';
      const page = answer.result as Pulled;
      for (const stretch of splitStretches(page.changes)) {
        await take(stretch);
        await moveTo(stretch.at(-1)!.cursor);
        if (!running) return 'idle';
      }
      if (page.cursor !== undefined && page.cursor !== cursor) await moveTo(page.cursor);
      return page.more ? 'more' : 'idle';
    } finally {
      await giveBack();
    }
  };

  const run = async (): Promise<void> => {
    let down = false;
    while (running) {
      const outcome = await step().catch((error: Error): Step => {
        // The words of the error may quote a record: only its kind is told.
        if (!down && isDatabaseAway(error))
          log.warn({ source }, 'the database is away; HR changes wait in the HR software');
        else if (!down) log.error({ source, error: error.name }, 'HR changes cannot be taken');
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
