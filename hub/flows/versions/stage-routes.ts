import { Type } from 'typebox';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { type FlowStage, FlowStageName } from '#schemas/flow.ts';
import { FlowStageChange } from '#schemas/flow-version.ts';
import { listPage } from './list-page.ts';
import { nameCaller } from './name-caller.ts';
import { pageOf, pageQuery, withPage } from './page-query.ts';
import { rollBack } from './roll-back.ts';
import { listStageChanges, readStages } from './stage-store.ts';

const common = { tag: 'flows', scope: 'admin' } as const;
const params = Type.Object({ stage: FlowStageName });

/** What each stage runs and ran, and the way back. */
export const stageRoutes = (context: PartContext): Route[] => [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/flows/stages',
    summary: 'Tells which version each stage runs, by whom and since when',
    answer: Type.Object({ items: Type.Array(FlowStageChange) }),
    handle: async () => ({ items: await readStages(context.db) }),
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/flows/stages/{stage}/changes',
    summary: 'Lists what a stage was made to run, newest first',
    params,
    query: Type.Object(pageQuery),
    answer: pageOf(FlowStageChange),
    handle: ({ params, query }) =>
      listPage(withPage(query), range => listStageChanges(context.db, params.stage as FlowStage, range)),
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/flows/stages/{stage}/roll-back',
    summary: 'Lets a stage run an earlier version again',
    description:
      'At once and without a review. The sandbox takes any version; production only one that it ran before.',
    params,
    body: Type.Object(
      {
        version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
        reason: Type.String({ minLength: 1, maxLength: 2000 }),
      },
      { additionalProperties: false },
    ),
    answer: FlowStageChange,
    async handle({ params, body, caller }) {
      const given = body as { version: number; reason: string };
      const who = await nameCaller(context.call, caller);
      return rollBack(context, { stage: params.stage as FlowStage, ...given, ...who });
    },
  },
];
