import type { CreatePart } from '#hub/platform/part.ts';
import { versionActions } from './versions/version-actions.ts';
import { versionRoutes } from './versions/version-routes.ts';

/** What flows stand on. */
const createFlows: CreatePart = context => ({
  name: 'flows',
  actions: { ...versionActions(context) },
  routes: [...versionRoutes(context)],
});

export default createFlows;
