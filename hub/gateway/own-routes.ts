import { Type } from 'typebox';
import { showMetrics } from '#hub/gateway/observe-requests.ts';
import { AppError } from '#hub/platform/errors.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { say } from '#hub/platform/messages.ts';

/** Whether the roles that run here are ready. */
export type Readiness = () => Promise<{ ready: boolean; roles: Record<string, boolean> }>;

const common = { method: 'GET', scope: 'public', tag: 'hub' } as const;
const text = { 'content-type': 'text/plain; charset=utf-8' };

/** Where the words of a code may stand: errors, those before any route, what is said of a row and of a file. */
const areas = ['errors.', 'http.broken-', 'intake.', 'spreadsheet.'];

/** What a code means, without the case at hand: what would be filled in is left open. */
const explainProblem = (code: string): Reply => {
  const key = areas.map(area => `${area}${code}`).find(known => say('vi', known) !== known);
  if (key === undefined) throw new AppError('not-found');
  const [vietnamese, english] = (['vi', 'en'] as const).map(language =>
    say(language, key).replace(/\{\w+\}/g, '…'),
  );
  return new Reply(200, `${vietnamese}\n\n${english}\n`, text);
};

/** What the gateway answers by itself. `describe` gives the OpenAPI document, `describeEvents` AsyncAPI. */
export const ownRoutes = (
  readiness: Readiness,
  describe: () => object,
  describeEvents: () => object,
): Route[] => [
  {
    ...common,
    path: '/healthz',
    quiet: true,
    summary: 'Whether this process is alive',
    answer: Type.Object({ alive: Type.Boolean() }),
    handle: async () => ({ alive: true }),
  },
  {
    ...common,
    path: '/readyz',
    quiet: true,
    summary: 'Whether every role that runs here is ready; 503 until then',
    answer: Type.Object({ ready: Type.Boolean(), roles: Type.Record(Type.String(), Type.Boolean()) }),
    async handle() {
      const state = await readiness();
      return new Reply(state.ready ? 200 : 503, state);
    },
  },
  {
    ...common,
    path: '/metrics',
    quiet: true,
    summary: 'Figures for Prometheus',
    async handle() {
      const { text: body, contentType } = await showMetrics();
      return new Reply(200, body, { 'content-type': contentType });
    },
  },
  {
    ...common,
    path: '/api/openapi.json',
    summary: 'This description',
    handle: async () => describe(),
  },
  {
    ...common,
    path: '/api/asyncapi.json',
    summary: 'The events and the channels that carry them, AsyncAPI 3.0',
    handle: async () => describeEvents(),
  },
  {
    ...common,
    path: '/problems/{code}',
    summary: 'What a problem means, in Vietnamese and English',
    handle: async ({ params }) => explainProblem(params.code!),
  },
];
