import { Type } from 'typebox';
import { showMetrics } from '#hub/gateway/observe-requests.ts';
import { AppError, errorStatus } from '#hub/platform/errors.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { say } from '#hub/platform/messages.ts';

/** Whether the roles that run here are ready. */
export type Readiness = () => Promise<{ ready: boolean; roles: Record<string, boolean> }>;

const common = { method: 'GET', scope: 'public', tag: 'hub' } as const;
const text = { 'content-type': 'text/plain; charset=utf-8' };

const explainProblem = (code: string): Reply => {
  if (!Object.hasOwn(errorStatus, code)) throw new AppError('not-found');
  return new Reply(200, `${say('vi', `errors.${code}`)}\n\n${say('en', `errors.${code}`)}\n`, text);
};

/** What the gateway answers by itself. `describe` gives the OpenAPI document. */
export const ownRoutes = (readiness: Readiness, describe: () => object): Route[] => [
  {
    ...common,
    path: '/healthz',
    summary: 'Whether this process is alive',
    answer: Type.Object({ alive: Type.Boolean() }),
    handle: async () => ({ alive: true }),
  },
  {
    ...common,
    path: '/readyz',
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
    path: '/problems/{code}',
    summary: 'What a problem means, in Vietnamese and English',
    handle: async ({ params }) => explainProblem(params.code!),
  },
];
