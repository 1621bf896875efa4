import { Type } from 'typebox';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { FlowProposal, FlowProposalState, FlowStageChange } from '#schemas/flow-version.ts';
import { listPage } from './list-page.ts';
import { nameCaller } from './name-caller.ts';
import { Numeral } from './numeral.ts';
import { pageOf, pageQuery, withPage } from './page-query.ts';
import { promote } from './promote.ts';
import { listProposals } from './proposal-store.ts';
import { propose } from './propose.ts';
import { review } from './review.ts';

const common = { tag: 'flows', scope: 'admin' } as const;
const params = Type.Object({ number: Numeral });
const Text = Type.String({ maxLength: 2000 });

/** The way into production: proposed, reviewed, promoted. */
export const proposalRoutes = (context: PartContext): Route[] => [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/flows/proposals',
    summary: 'Lists what was proposed for production, newest first',
    description:
      'The difference from `base` to `version` is what is reviewed: `GET /api/v1/flows/difference`.',
    query: Type.Object({ state: Type.Optional(FlowProposalState), ...pageQuery }),
    answer: pageOf(FlowProposal),
    handle: ({ query }) =>
      listPage(withPage(query), range =>
        listProposals(context.db, query.state as FlowProposal['state'] | undefined, range),
      ),
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/flows/proposals',
    summary: 'Asks that production runs a version',
    body: Type.Object(
      { version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }), message: Text },
      { additionalProperties: false },
    ),
    status: 201,
    answer: FlowProposal,
    async handle({ body, caller }) {
      const given = body as { version: number; message: string };
      return new Reply(
        201,
        await propose(context.db, { ...given, ...(await nameCaller(context.call, caller)) }),
      );
    },
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/flows/proposals/{number}/review',
    summary: 'Approves or refuses a proposal',
    description:
      'Where reviews are on, a version is approved by a person who is not its author; a program can only refuse.',
    params,
    body: Type.Object({ approve: Type.Boolean(), comment: Text }, { additionalProperties: false }),
    answer: FlowProposal,
    async handle({ params, body, caller }) {
      const given = body as { approve: boolean; comment: string };
      const who = await nameCaller(context.call, caller);
      return review(context, { number: Number(params.number), ...given, ...who });
    },
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/flows/proposals/{number}/promote',
    summary: 'Lets production run what was approved',
    params,
    answer: FlowStageChange,
    handle: async ({ params, caller }) =>
      promote(context, { number: Number(params.number), ...(await nameCaller(context.call, caller)) }),
  },
];
