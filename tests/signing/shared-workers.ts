import { createFileWorkers, type FileWorkers } from '#hub/signing/file-workers.ts';

/** Started at the first file: starting a thread takes half a second. */
const workers = createFileWorkers({ threads: 1 });
after(() => workers.stop());

/** The threads that work on files for all specs of a run; who is given them stops nothing. */
export const sharedWorkers: FileWorkers = { run: workers.run, stop: async () => {} };
