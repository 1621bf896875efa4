import Mocha from 'mocha';

/** What the runner is told at the end. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** Files with a spec that failed. */
  failedFiles?: string[];
}

/** Mocha's usual output, live; the counts go to the parent process besides. */
export default class CountReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    // The spec in hand is finished and cleaned up after; a second signal ends us at once.
    process.once('SIGINT', () => runner.abort());
    // The runner died without having been able to say so.
    process.once('disconnect', () => process.exit(1));
    process.channel?.unref();
    const failedFiles = new Set<string>();
    runner.on('fail', ({ file }) => file !== undefined && failedFiles.add(file));
    runner.once('end', () => {
      const { passes: passed, failures: failed, pending: skipped } = this.stats;
      process.send?.({ passed, failed, skipped, failedFiles: [...failedFiles] } satisfies Counts);
    });
  }
}
