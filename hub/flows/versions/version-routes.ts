import { Type } from 'typebox';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { FlowContents, FlowVersion } from '#schemas/flow.ts';
import { FlowDifference } from '#schemas/flow-version.ts';
import { compareVersions } from './compare-versions.ts';
import { describeDifference } from './difference/describe-difference.ts';
import { listPage } from './list-page.ts';
import { Numeral } from './numeral.ts';
import { pageOf, pageQuery, withPage } from './page-query.ts';
import { proposalRoutes } from './proposal-routes.ts';
import { readVersion } from './read-version.ts';
import { stageRoutes } from './stage-routes.ts';
import { listVersions } from './version-store.ts';

const common = { tag: 'flows', scope: 'admin', method: 'GET' } as const;

/** `/api/v1/flows/…`: versions of flows, what each stage runs, and reviews. */
export const versionRoutes = (context: PartContext): Route[] => [
  {
    ...common,
    path: '/api/v1/flows/versions',
    summary: 'Lists the versions of the flows, newest first',
    description: 'Every deploy is one. `stages` says which stages run it now.',
    query: Type.Object(pageQuery),
    answer: pageOf(FlowVersion),
    handle: ({ query }) => listPage(withPage(query), range => listVersions(context.db, range)),
  },
  {
    ...common,
    path: '/api/v1/flows/versions/{number}',
    summary: 'Shows a version with its flows, as Node-RED can import them; without credentials',
    params: Type.Object({ number: Numeral }),
    answer: Type.Object({ version: FlowVersion, contents: FlowContents }),
    async handle({ params }) {
      const { version, contents } = await readVersion(context.db, Number(params.number));
      return { version, contents };
    },
  },
  {
    ...common,
    path: '/api/v1/flows/difference',
    summary: 'Tells what makes one version differ from another',
    description:
      'Flows and nodes that are new, gone or changed, each property before and after; positions on the canvas are no ' +
      'difference. `text` is the same for people, in the language of the request. Without `from`: all of `to`.',
    query: Type.Object({ from: Type.Optional(Numeral), to: Numeral }),
    answer: Type.Object({ difference: FlowDifference, text: Type.String() }),
    async handle({ query, language }) {
      const from = query.from === undefined ? undefined : Number(query.from);
      const difference = await compareVersions(context.db, from, Number(query.to));
      return { difference, text: describeDifference(language, difference) };
    },
  },
  ...stageRoutes(context),
  ...proposalRoutes(context),
];
