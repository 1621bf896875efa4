import type { PartContext } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';
import { writeRepository } from './write-repository.ts';

const roundMs = 60_000;

/** Keeps the Git folder at what the database says, soon after each change; undefined: this hub writes none. */
export const keepRepository = ({
  db,
  log,
  wake,
  config,
}: Pick<PartContext, 'db' | 'log' | 'wake' | 'config'>): { stop(): Promise<void> } | undefined => {
  const folder = config.flowsGit;
  if (folder === undefined) return undefined;
  const over = new AbortController();
  const keeper: Repeater = repeat(log, 'writing the Git folder of the flows', async () => {
    await writeRepository(db, folder, over.signal);
    return roundMs;
  });
  const unsubscribe = wake.on('flow-versions', () => keeper.wake());
  return {
    async stop() {
      unsubscribe();
      over.abort();
      await keeper.stop();
    },
  };
};
