import { appRoutes } from '#hub/apps/app-routes.ts';
import { auditRoutes } from '#hub/apps/audit-routes.ts';
import { clientRoutes } from '#hub/apps/client-routes.ts';
import { readSignOnClient } from '#hub/apps/clients-store.ts';
import { createClient } from '#hub/apps/create-client.ts';
import { putApp } from '#hub/apps/put-app.ts';
import { readSecretSetting } from '#hub/apps/read-secret-setting.ts';
import { setClientSignOn } from '#hub/apps/set-client-sign-on.ts';
import { getApp, listApps, readConnectorSettings } from '#hub/apps/show-app.ts';
import type { Handlers } from '#hub/platform/calls.ts';
import type { CreatePart } from '#hub/platform/part.ts';

/** The apps of the province, what they may see, their clients and the audit trail. */
const createApps: CreatePart = context => ({
  name: 'apps',
  actions: {
    'apps.list': () => listApps(context),
    'apps.get': ({ id }) => getApp(context, id),
    'apps.put': params => putApp(context, params),
    'apps.connector-settings': ({ connector }) => readConnectorSettings(context, connector),
    'apps.secret-setting': params => readSecretSetting(context, params),
    'apps.create-client': params => createClient(context, params),
    'apps.sign-on-client': ({ clientId }) => readSignOnClient(context.db, clientId),
    'apps.set-client-sign-on': params => setClientSignOn(context, params),
  } satisfies Handlers<'apps'>,
  routes: [...appRoutes(context), ...clientRoutes(context), ...auditRoutes(context)],
});
export default createApps;
