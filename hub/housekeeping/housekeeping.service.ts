import { dropOldExchanges, makePartitions } from '#hub/housekeeping/housekeeping-store.ts';
import { publishFigures } from '#hub/housekeeping/publish-figures.ts';
import type { CreatePart } from '#hub/platform/part.ts';

const dayMs = 86_400_000;

/** What nobody asks for and has to be done: partitions ahead of time, old ones dropped, figures for the watch. */
const createHousekeeping: CreatePart = context => {
  const { config, db, log } = context;
  let timer: NodeJS.Timeout | undefined;
  const tidy = async (): Promise<void> => {
    await makePartitions(db);
    const dropped = await dropOldExchanges(db, config.keepMonths);
    if (dropped.length > 0) log.info({ dropped }, 'old months of exchanges were dropped');
  };
  const tidySafely = (): Promise<void> =>
    tidy().catch(error =>
      log.warn({ error: (error as Error).name }, 'housekeeping failed; tried again tomorrow'),
    );
  return {
    name: 'housekeeping',
    actions: {},
    async start() {
      publishFigures(context.call);
      await tidySafely();
      timer = setInterval(() => void tidySafely(), dayMs).unref();
    },
    stop: async () => clearInterval(timer),
  };
};

export default createHousekeeping;
