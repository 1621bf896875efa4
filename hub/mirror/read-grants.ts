import type { Call } from '#hub/platform/calls.ts';
import type { Database } from '#hub/platform/database.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import type { App } from '#schemas/app.ts';
import { readUsers } from './access-store.ts';
import { noticeSubjects } from './notice-subjects.ts';
import { type Grant, userName } from './render-users.ts';

const viewerOf = ({ id, entitlement }: App): EventViewer => ({
  app: id,
  entitlement,
  salary: true,
  parents: new Map(),
});

/** The notices that an app may listen to by its entitlement now. */
export const noticesOf = (app: App): string[] => noticeSubjects(viewerOf(app));

/** What every app that is switched on and has a user may do now. */
export const readGrants = async (db: Database, call: Call): Promise<Grant[]> => {
  const users = await readUsers(db);
  const apps = users.length === 0 ? [] : await call('apps.list', {});
  return apps.flatMap(app => {
    const own = users.filter(user => user.app === app.id);
    if (!app.enabled || own.length === 0) return [];
    return {
      app: app.id,
      users: own.map(({ slot, hash }) => ({ name: userName(app.id, slot), hash })),
      notices: noticesOf(app),
    };
  });
};
