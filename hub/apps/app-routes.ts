import { Type } from 'typebox';
import { putApp } from '#hub/apps/put-app.ts';
import { getApp, listApps } from '#hub/apps/show-app.ts';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { App } from '#schemas/app.ts';

const params = Type.Object({ id: Type.String() });
const common = { tag: 'apps', scope: 'admin' } as const;

/** A new app's id must be a good one; looking for a bad one just finds nothing. */
const newParams = Type.Pick(App, ['id']);

/** While no connector node answers any name is taken: an app may be registered before its connector runs. */
const refuseUnknownConnector = async (
  { call }: PartContext,
  connector: string | undefined,
): Promise<void> => {
  if (connector === undefined) return;
  const known = await call('connectors.known', {}).catch(() => undefined);
  if (known === undefined || known.includes(connector)) return;
  const detail = known.join(', ');
  throw new AppError(
    'invalid-request',
    {},
    { faults: [{ pointer: '/connector', code: 'unknown-connector', detail }] },
  );
};

/** The apps of the province. Secrets in settings read as "…" and are kept when they are sent back so. */
export const appRoutes = (context: PartContext): Route[] => [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/apps',
    summary: 'Lists the apps',
    answer: Type.Object({ items: Type.Array(App), next: Type.Optional(Type.String()) }),
    handle: async () => ({ items: await listApps(context) }),
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/apps/{id}',
    summary: 'Shows one app',
    params,
    answer: App,
    handle: ({ params }) => getApp(context, params.id!),
  },
  {
    ...common,
    method: 'PUT',
    path: '/api/v1/apps/{id}',
    summary: 'Registers or changes an app',
    description:
      'What is absent keeps its value; a secret setting sent as "…" too. A new app needs name, owner and entitlement and is switched off unless enabled is true.',
    params: newParams,
    body: Type.Partial(App, { additionalProperties: false }),
    answer: App,
    async handle({ params, body, caller, requestId }) {
      const app = body as Partial<App>;
      if (app.id !== undefined && app.id !== params.id)
        throw new AppError('invalid-request', {}, { faults: [{ pointer: '/id', code: 'id-differs' }] });
      await refuseUnknownConnector(context, app.connector);
      const actor = actorOf(caller);
      return putApp(context, { app: { ...app, id: params.id! }, actor, requestId });
    },
  },
];
