import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { Piscina } from 'piscina';
import { AppError } from '#hub/platform/errors.ts';
import type { FileJob, FileJobs } from '#hub/signing/file-jobs.ts';
import { toSigningError } from '#hub/signing/to-signing-error.ts';
import type { FaultCode } from '#signature/fault.ts';

/** What a worker answers: errors lose their class between threads. */
export type JobAnswer<J extends FileJob> =
  | { output: FileJobs[J]['output'] }
  | { fault: { code: FaultCode; message: string; place: string | undefined } };

/** Work on files, away from the hub's own thread. */
export interface FileWorkers {
  /**
   * What is in `given` is given away instead of copied, and is not here any more.
   * @throws AppError with the code of the fault: the file cannot be signed, and why; `file-work-failed`: the worker was lost or too slow,
   * which says nothing of the file
   */
  run<J extends FileJob>(
    job: J,
    input: FileJobs[J]['input'],
    given?: ArrayBuffer[],
  ): Promise<FileJobs[J]['output']>;
  stop(): Promise<void>;
}

/** The longest that one file may take: a hostile one must not hold a worker for ever. */
const jobMs = 60_000;

/** A file that takes longer than this holds up nobody: as long as there is one there is one more thread. */
const usualMs = 1000;

/** Each thread holds a heap and files of its own, and the database has work on the same cores. */
const usualThreads = Math.max(1, Math.floor(availableParallelism() / 2));

/** No worker starts before the first file comes. `ms`: the longest that one file may take. */
export const createFileWorkers = ({
  threads = usualThreads,
  ms = jobMs,
  longMs = usualMs,
}: {
  threads?: number;
  ms?: number;
  longMs?: number;
} = {}): FileWorkers => {
  let pool: Piscina | undefined;
  // Who stands in a long row must not lose the time of their own file by it.
  const turns = new PQueue({ concurrency: threads });
  let long = 0;
  const noteLong = (change: 1 | -1): void => {
    long += change;
    turns.concurrency = threads + (long > 0 ? 1 : 0);
  };
  /** Does what has its turn, and lets another pass when it takes long. */
  const passable = async <T>(work: () => Promise<T>): Promise<T> => {
    let isLong = false;
    const timer = setTimeout(() => {
      isLong = true;
      noteLong(1);
    }, longMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
      if (isLong) noteLong(-1);
    }
  };
  return {
    async run(job, input, given = []) {
      pool ??= new Piscina({
        filename: join(import.meta.dirname, 'file-worker.ts'),
        minThreads: 0,
        maxThreads: threads + 1,
        idleTimeout: 60_000,
        resourceLimits: { maxOldGenerationSizeMb: 512 },
        env: {},
      });
      const working = pool;
      const answer: JobAnswer<typeof job> = await turns.add(() =>
        passable(() =>
          working
            .run({ job, input }, { signal: AbortSignal.timeout(ms), transferList: given })
            .catch(cause => {
              throw new AppError('file-work-failed', {}, { cause });
            }),
        ),
      );
      if ('fault' in answer) throw toSigningError(answer.fault);
      return answer.output;
    },
    async stop() {
      await pool?.close();
      pool = undefined;
    },
  };
};
