import { decide, listDecisions } from '#hub/intake/decide.ts';
import { setFeedCursor } from '#hub/intake/hr-feed-store.ts';
import { importRoutes } from '#hub/intake/imports/imports.routes.ts';
import { createImportRunner } from '#hub/intake/imports/run-imports.ts';
import { intakeRoutes } from '#hub/intake/intake.routes.ts';
import { createHrPull } from '#hub/intake/pull-hr.ts';
import { takeRecords } from '#hub/intake/take-records.ts';
import type { CreatePart } from '#hub/platform/part.ts';

/** Everything that brings records of people into the register: the HR feed, pushes, spreadsheets. */
const createIntake: CreatePart = context => {
  const pull = createHrPull(context);
  const imports = createImportRunner(context);
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
      pull.start();
      imports.start();
    },
    async stop() {
      await Promise.all([pull.stop(), imports.stop()]);
    },
  };
};

export default createIntake;
