import { decide, listDecisions } from '#hub/intake/decide.ts';
import { releaseFeeds, setFeedCursor } from '#hub/intake/hr-feed-store.ts';
import { removeAbandonedFolders } from '#hub/intake/imports/import-folder.ts';
import { dropUnfinished, releaseImports } from '#hub/intake/imports/import-store.ts';
import { importRoutes } from '#hub/intake/imports/imports.routes.ts';
import { createImportRunner } from '#hub/intake/imports/run-imports.ts';
import { intakeRoutes } from '#hub/intake/intake.routes.ts';
import { createHrPull } from '#hub/intake/pull-hr.ts';
import { takeRecords } from '#hub/intake/take-records.ts';
import { worksAlone } from '#hub/platform/config.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import { type Repeater, repeat } from '#hub/platform/repeat.ts';

const hourMs = 3_600_000;
/** Far longer than a request may take: the upload ended, and its hub could not tidy up. */
const unfinishedHours = 24;

/** Everything that brings records of people into the register: the HR feed, pushes, spreadsheets. */
const createIntake: CreatePart = context => {
  const pull = createHrPull(context);
  const imports = createImportRunner(context);
  let tidy: Repeater | undefined;
  return {
    name: 'intake',
    actions: {
      'intake.take': params => takeRecords(context, params),
      'intake.list-decisions': params => listDecisions(context, params),
      'intake.decide': params => decide(context, params),
      'intake.set-hr-cursor': async ({ source, cursor }) => {
        await setFeedCursor(context.db, source, cursor);
        return { ok: true };
      },
    },
    routes: [...intakeRoutes(context.call), ...importRoutes(context)],
    async start() {
      if (worksAlone(context.config))
        await Promise.all([releaseFeeds(context.db), releaseImports(context.db)]);
      // What cannot be removed is not worth a start that fails.
      await removeAbandonedFolders().catch(() => {});
      pull.start();
      imports.start();
      tidy = repeat(context.log, 'unfinished uploads', async () => {
        await dropUnfinished(context.db, unfinishedHours);
        return hourMs;
      });
    },
    async stop() {
      await Promise.all([pull.stop(), imports.stop(), tidy?.stop()]);
    },
  };
};

export default createIntake;
