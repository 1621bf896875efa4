import { worksAlone } from '#hub/platform/config.ts';
import type { CreatePart, Part, PartContext } from '#hub/platform/part.ts';
import { keepUsersFile } from './keep-users-file.ts';
import { mirrorRoutes } from './mirror.routes.ts';
import { releaseStreams } from './mirror-store.ts';
import { publishFigures } from './publish-figures.ts';
import { type MirrorOptions, startMirror } from './run-mirror.ts';

/** The event log in NATS JetStream, and the apps' access to it: the part, with what tests may choose. */
export const createMirrorWith = (context: PartContext, options: MirrorOptions = {}): Part => {
  const { config, db, nats, wake } = context;
  const ends: (() => unknown)[] = [];
  return {
    name: 'mirror',
    actions: {},
    routes: mirrorRoutes(context),
    async start() {
      if (nats === undefined) return;
      if (worksAlone(config)) await releaseStreams(db);
      publishFigures(db);
      const mirror = startMirror(context, nats.url, options);
      ends.push(
        wake.on('apps', () => mirror.appsChanged()),
        () => mirror.stop(),
      );
      const { usersFile } = nats;
      if (usersFile === undefined) return;
      const users = keepUsersFile(context, { ...nats, usersFile });
      ends.push(
        wake.on('apps', () => users.wake()),
        () => users.stop(),
      );
    },
    async stop() {
      for (const end of ends.splice(0)) await end();
    },
  };
};

const createMirror: CreatePart = context => createMirrorWith(context);
export default createMirror;
