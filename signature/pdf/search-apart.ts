import { Worker } from 'node:worker_threads';
import type { FoundPlaces } from '#signature/pdf/search-text.ts';
import type { SearchWork } from '#signature/pdf/search-worker.ts';

const longest = 10_000;

/** The worker, kept: its start takes far longer than a search. Undefined: there is none yet, or it was ended. */
let kept: Worker | undefined;

const start = (): Worker => {
  const worker = new Worker(new URL('search-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 128 },
    env: {},
    stdout: true,
    stderr: true,
  });
  // It keeps no program alive by itself.
  worker.unref();
  return worker;
};

const searchNow = (work: SearchWork): Promise<FoundPlaces> =>
  new Promise(resolve => {
    kept ??= start();
    const worker = kept;
    const end = (found: FoundPlaces): void => {
      clearTimeout(timer);
      worker.off('message', end).off('exit', giveUp);
      resolve(found);
    };
    const giveUp = (): void => {
      kept = undefined;
      void worker.terminate();
      end({});
    };
    const timer = setTimeout(giveUp, longest);
    // Memory that ended is an error and an exit.
    if (worker.listenerCount('error') === 0) worker.on('error', () => {});
    worker.on('message', end).on('exit', giveUp);
    worker.postMessage(work);
  });

let before: Promise<unknown> = Promise.resolve();

/**
 * Searches in a worker of its own, one file after the other: over some content streams the library's reader of text loops
 * until memory ends. Finds nothing when it takes too long or too much.
 */
export const searchApart = (work: SearchWork): Promise<FoundPlaces> => {
  const search = before.then(() => searchNow(work));
  before = search;
  return search;
};
