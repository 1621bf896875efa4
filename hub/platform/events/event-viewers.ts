import type { Call } from '#hub/platform/calls.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { EventViewer } from '#hub/platform/events/show-event.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import type { UnitParents } from '#hub/platform/unit-scope.ts';
import type { App } from '#schemas/app.ts';
import type { Unit } from '#schemas/unit.ts';

/** Who may see what of the log, at most two seconds old. */
export interface EventViewers {
  /** For a channel that is the app's own (webhooks, JetStream). Undefined: unknown or switched off. */
  ofApp(id: string): Promise<EventViewer | undefined>;
  /**
   * For a request: the client's app, seen with the token's scopes; a client of no app must be `admin` and sees all.
   *
   * @throws {AppError} `insufficient-scope` for a client of no app; `unknown-app` when the app is switched off
   */
  ofCaller(caller: Caller): Promise<EventViewer>;
}

const freshMs = 2000;
const unitsFreshMs = 30_000;
const everything: EventViewer = {
  app: undefined,
  entitlement: { attributes: [] },
  salary: true,
  parents: new Map(),
};

export const createEventViewers = (call: Call): EventViewers => {
  let apps: Promise<Map<string, App>> | undefined;
  let appsAt = 0;
  let parents: Promise<UnitParents> | undefined;
  let parentsAt = 0;

  const readApps = (atMostMs = freshMs): Promise<Map<string, App>> => {
    if (apps === undefined || performance.now() - appsAt > atMostMs) {
      appsAt = performance.now();
      apps = call('apps.list', {}).then(list => new Map(list.map(app => [app.id, app])));
      apps.catch(() => {
        apps = undefined;
      });
    }
    return apps;
  };
  /** The same tree stays the same object: what was made for those who see by it is found again (`renderEvent`). */
  let tree: UnitParents = everything.parents;
  const toTree = (units: Unit[]): UnitParents => {
    const now = new Map(units.map(unit => [unit.id, unit.parentId]));
    const isSame = now.size === tree.size && [...now].every(([id, parent]) => tree.get(id) === parent);
    if (!isSame) tree = now;
    return tree;
  };
  const readParents = (): Promise<UnitParents> => {
    if (parents === undefined || performance.now() - parentsAt > unitsFreshMs) {
      parentsAt = performance.now();
      // With those that are no more: that one ended is told to who sees what lay above it.
      parents = call('units.latest', {}).then(toTree);
      parents.catch(() => {
        parents = undefined;
      });
    }
    return parents;
  };
  const ofApp = async (id: string): Promise<EventViewer | undefined> => {
    // One that was registered just now is known at once.
    const app = (await readApps()).get(id) ?? (await readApps(0)).get(id);
    if (app === undefined || !app.enabled) return undefined;
    const { entitlement } = app;
    return {
      app: id,
      entitlement,
      salary: true,
      parents: entitlement.unitIds === undefined ? everything.parents : await readParents(),
    };
  };
  return {
    ofApp,
    async ofCaller({ appId, scopes }) {
      if (appId === undefined) {
        if (scopes.includes('admin')) return everything;
        throw new AppError('insufficient-scope', { scope: 'admin' });
      }
      const viewer = await ofApp(appId);
      if (viewer === undefined) throw new AppError('unknown-app', { app: appId });
      return { ...viewer, salary: scopes.includes('hr.salary') || scopes.includes('admin') };
    },
  };
};
