import { join } from 'node:path';
import { Piscina } from 'piscina';
import type { MappingAnswer, MappingWork } from './mapping-worker.ts';

/** Evaluates an app's mapping expressions, away from the hub's own thread. */
export interface Mapping {
  /** One answer for each input. Never throws for what an expression does. */
  evaluate(expressions: Record<string, string>, inputs: unknown[]): Promise<MappingAnswer[]>;
  stop(): Promise<void>;
}

/** Time for one expression on one input. */
const perExpressionMs = 50;
/** Allowed to a batch beside its evaluations: handing over, first compilation. */
const overheadMs = 200;

const tooLong: MappingAnswer = { failed: 'mapping', reason: 'the expressions took too long' };

/**
 * Starts no worker before the first mapping is used. A batch that runs out of time is ended with its worker
 * and repeated person by person, so that one person's data cannot spoil the others'.
 */
export const createMapping = (): Mapping => {
  let pool: Piscina<MappingWork, MappingAnswer[]> | undefined;
  const open = (): Piscina<MappingWork, MappingAnswer[]> => {
    pool ??= new Piscina({
      filename: join(import.meta.dirname, 'mapping-worker.ts'),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: 60_000,
      resourceLimits: { maxOldGenerationSizeMb: 64, stackSizeMb: 4 },
      env: {},
    });
    return pool;
  };

  const attempt = async (work: MappingWork): Promise<MappingAnswer[] | undefined> => {
    const workers = open();
    // The start of a worker is not the expression's time.
    await workers.run({ expressions: {}, inputs: [] });
    const limit = overheadMs + perExpressionMs * Object.keys(work.expressions).length * work.inputs.length;
    try {
      return await workers.run(work, { signal: AbortSignal.timeout(limit) });
    } catch {
      // Out of time, out of memory, or the worker ended.
      return undefined;
    }
  };

  // One batch at a time: with one worker a second batch would wait on the first one's clock.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  };

  return {
    evaluate: (expressions, inputs) =>
      inTurn(async () => {
        const together = await attempt({ expressions, inputs });
        if (together !== undefined) return together;
        const answers: MappingAnswer[] = [];
        for (const input of inputs)
          answers.push((await attempt({ expressions, inputs: [input] }))?.[0] ?? tooLong);
        return answers;
      }),
    async stop() {
      await pool?.destroy();
    },
  };
};
