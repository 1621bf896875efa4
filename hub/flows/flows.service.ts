import type { CreatePart } from '#hub/platform/part.ts';
import { keepRepository } from './versions/git/keep-repository.ts';
import { versionActions } from './versions/version-actions.ts';
import { versionRoutes } from './versions/version-routes.ts';

/** What flows stand on. */
const createFlows: CreatePart = context => {
  let repository: ReturnType<typeof keepRepository>;
  return {
    name: 'flows',
    actions: { ...versionActions(context) },
    routes: [...versionRoutes(context)],
    async start() {
      repository = keepRepository(context);
    },
    async stop() {
      await repository?.stop();
    },
  };
};

export default createFlows;
