import { finishImport, leaseImport, releaseImport } from '#hub/intake/imports/import-store.ts';
import { LostLease, leaseSeconds, processImport } from '#hub/intake/imports/process-import.ts';
import { SpreadsheetError } from '#hub/intake/spreadsheet/spreadsheet-error.ts';
import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';

const everyMs = 1000;
/** Attempts without a single batch of progress. */
const maxAttempts = 5;

/** Works imports off, one at a time on each node; what a dead node had begun is taken over when its lease ends. */
export const createImportRunner = (context: PartContext) => {
  const { db, log, wake } = context;
  let running = true;
  let rouse = (): void => {};
  let loop: Promise<void> = Promise.resolve();

  const step = async (): Promise<boolean> => {
    const job = await leaseImport(db, leaseSeconds);
    if (job === undefined) return false;
    try {
      const end = await processImport(context, job, () => !running);
      if (end === 'done') await finishImport(db, job, undefined);
      else await releaseImport(db, job);
    } catch (error) {
      if (error instanceof LostLease) return true;
      if (error instanceof SpreadsheetError)
        await finishImport(db, job, {
          code: error.code,
          detail: say('vi', `spreadsheet.${error.code}`, error.params),
        });
      else {
        log.error(
          { import: job.id, attempts: job.attempts, error: (error as Error).name },
          'an import was interrupted',
        );
        // Perhaps not the file's fault: tried again when the lease ends, but no file may stop the others for ever.
        if (job.attempts >= maxAttempts)
          await finishImport(db, job, {
            code: 'internal',
            detail: say('vi', 'errors.internal', { reference: job.id }),
          });
        return false;
      }
    }
    return true;
  };

  const run = async (): Promise<void> => {
    while (running) {
      const more = await step().catch(() => false);
      if (more) continue;
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, everyMs);
        rouse = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };

  const deaf = wake.on('imports', () => rouse());
  return {
    start(): void {
      loop = run();
    },
    async stop(): Promise<void> {
      running = false;
      deaf();
      rouse();
      await loop;
    },
  };
};
