import type { Call } from '#hub/platform/calls.ts';
import { entitledAttributes } from '#hub/platform/entitled-attributes.ts';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Caller } from '#hub/platform/http/route.ts';
import { entitledSchemas } from '#hub/scim/read/find-attribute.ts';
import { createUnitTree, type UnitTree } from '#hub/scim/read/unit-tree.ts';
import { ScimError } from '#hub/scim/scim-error.ts';
import type { App } from '#schemas/app.ts';
import type { ScimSchema } from '#schemas/scim.ts';
import { resourceSchemas } from '#schemas/scim-schemas.ts';

/** What one client may see of the register, and as whom it acts. */
export interface ScimView {
  /** Whose marks count: `app/<id>`, or the caller's own where there is no app. */
  client: string;
  /** For the trail. */
  actor: string;
  appId: string | undefined;
  /** Attributes of the register; undefined: all. */
  names: ReadonlySet<string> | undefined;
  /** The units whose people it sees; undefined: the whole province. */
  scope: ReadonlySet<string> | undefined;
  tree: UnitTree;
  /** Address of the service: `https://…/scim/v2`. */
  base: string;
  user: ScimSchema[];
  group: ScimSchema[];
}

const unitsFreshMs = 2000;

/** The client's app, as it is now: what is taken from it is taken at once. */
const appOf = async (call: Call, { appId, scopes }: Caller): Promise<App | undefined> => {
  if (appId === undefined) {
    if (scopes.includes('admin')) return undefined;
    throw new AppError('insufficient-scope', { scope: 'admin' });
  }
  try {
    const app = await call('apps.get', { id: appId });
    if (app.enabled) return app;
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'unknown-app')) throw error;
  }
  throw new ScimError('app-off');
};

/** Makes the views of callers; units are at most two seconds old. */
export const createViews = (call: Call, origin: string): ((caller: Caller) => Promise<ScimView>) => {
  let tree: Promise<UnitTree> | undefined;
  let treeAt = 0;

  const readTree = (): Promise<UnitTree> => {
    if (tree === undefined || performance.now() - treeAt > unitsFreshMs) {
      treeAt = performance.now();
      tree = call('units.latest', {}).then(createUnitTree);
      tree.catch(() => {
        tree = undefined;
      });
    }
    return tree;
  };

  return async caller => {
    const [app, units] = await Promise.all([appOf(call, caller), readTree()]);
    const salary = caller.scopes.includes('hr.salary') || caller.scopes.includes('admin');
    const names = app === undefined ? undefined : entitledAttributes(app.entitlement, salary);
    const unitIds = app?.entitlement.unitIds;
    return {
      client: app === undefined ? actorOf(caller) : `app/${app.id}`,
      actor: actorOf(caller),
      appId: app?.id,
      names,
      scope: unitIds === undefined ? undefined : units.below(unitIds),
      tree: units,
      base: `${origin}/scim/v2`,
      user: entitledSchemas(resourceSchemas.User, names),
      group: entitledSchemas(resourceSchemas.Group, names),
    };
  };
};

/** Whether a client may see a unit. */
export const seesUnit = (view: ScimView, unitId: string): boolean =>
  view.scope === undefined || view.scope.has(unitId);
