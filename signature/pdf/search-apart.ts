import { Worker } from 'node:worker_threads';
import type { FoundPlaces } from '#signature/pdf/search-text.ts';
import type { SearchWork } from '#signature/pdf/search-worker.ts';

/** The longest that one file may take, in milliseconds. */
const longest = 10_000;

/** Kept for the next file, since starting one takes a hundred times as long as a search; whoever fails is not kept. */
let kept: Worker | undefined;
/** One file after the other. */
let before: Promise<unknown> = Promise.resolve();

const start = (): Worker => {
  const worker = new Worker(new URL('search-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 128 },
    env: {},
  });
  worker.on('error', () => {});
  worker.on('exit', () => {
    if (kept === worker) kept = undefined;
  });
  return worker;
};

const searchNow = (work: SearchWork): Promise<FoundPlaces> =>
  new Promise(resolve => {
    kept ??= start();
    const worker = kept;
    const end = (found: FoundPlaces): void => {
      clearTimeout(timer);
      worker.off('message', end).off('exit', fail);
      worker.unref();
      resolve(found);
    };
    const fail = (): void => {
      if (kept === worker) kept = undefined;
      void worker.terminate();
      end({});
    };
    const timer = setTimeout(fail, longest);
    worker.on('message', end).on('exit', fail);
    worker.ref();
    worker.postMessage(work);
  });

/**
 * Searches in a worker: over some content streams the library's reader of text loops until memory ends. Finds nothing when
 * it takes too long or too much.
 */
export const searchApart = (work: SearchWork): Promise<FoundPlaces> => {
  const found = before.then(() => searchNow(work));
  before = found;
  return found;
};
