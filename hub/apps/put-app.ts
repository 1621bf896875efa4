import { type AppRow, lockApp, readApp, readAppOfConnector, writeApp } from '#hub/apps/apps-store.ts';
import { checkEntitlement } from '#hub/apps/check-entitlement.ts';
import { checkMapping } from '#hub/apps/check-mapping.ts';
import { compareApps } from '#hub/apps/compare-apps.ts';
import { keepSecrets } from '#hub/apps/secret-settings.ts';
import { openSettings, settingsPurpose, toApp } from '#hub/apps/show-app.ts';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { Wake } from '#hub/platform/wake.ts';
import type { App } from '#schemas/app.ts';

/** A change of an app: what is absent keeps its value. */
export interface AppPut {
  app: Pick<App, 'id'> & Partial<App>;
  secretKeys?: string[];
  actor: string;
  requestId?: string;
}

const refuseIncomplete = (app: AppPut['app']): void => {
  const faults = (['name', 'owner', 'entitlement'] as const)
    .filter(field => app[field] === undefined)
    .map(field => ({ pointer: `/${field}`, code: 'required' }));
  if (faults.length > 0) throw new AppError('invalid-request', {}, { faults });
};

const refuseUnreadable = (app: AppPut['app']): void => {
  const faults = [
    ...checkMapping(app.mapping ?? {}),
    ...(app.entitlement === undefined ? [] : checkEntitlement(app.entitlement)),
  ];
  if (faults.length > 0) throw new AppError('invalid-request', {}, { faults });
};

/** A connector runs with the settings of one app: the people of a second would be sent to the first. */
const refuseTaken = async (tx: Tx, id: string, connector: string): Promise<void> => {
  const holder = await readAppOfConnector(tx, connector);
  if (holder === undefined || holder.id === id) return;
  const fault = { pointer: '/connector', code: 'connector-taken', detail: holder.id };
  throw new AppError('invalid-request', {}, { faults: [fault] });
};

/** A new app before anything is said of it: switched off, so that nothing is sent by accident. */
const blank: Omit<App, 'id'> = {
  name: '',
  owner: '',
  enabled: false,
  entitlement: { purpose: '', attributes: [] },
  mapping: {},
  guard: {},
  disableGuard: { maxAccounts: 50, maxPercent: 5 },
  settings: {},
};

const withoutAbsent = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;

/**
 * Registers or changes an app, notes it in the trail and wakes those who keep apps in memory. A put that
 * changes nothing leaves no trace.
 *
 * @throws {AppError} `invalid-request` when a new app lacks name, owner or entitlement, a mapping expression cannot
 *   be read, an entitlement names an attribute that there is
 *   not, or the connector belongs to another app
 */
export const putApp = async (
  { db, secrets, wake }: { db: Database; secrets: Secrets; wake: Wake },
  { app, secretKeys: givenKeys, actor, requestId }: AppPut,
): Promise<App> => {
  refuseUnreadable(app);
  const { changed, row } = await inTransaction(db, async tx => {
    await lockApp(tx, app.id);
    const stored = await readApp(tx, app.id);
    if (stored === undefined) refuseIncomplete(app);
    if (app.connector !== undefined) await refuseTaken(tx, app.id, app.connector);
    const before =
      stored && ({ ...toApp(secrets, stored), settings: openSettings(secrets, stored) } satisfies App);
    const secretKeys = givenKeys ?? stored?.secretKeys ?? null;
    const after: App = { ...blank, ...before, ...withoutAbsent(app) };
    if (app.settings) after.settings = keepSecrets(app.settings, before?.settings ?? {}, secretKeys);

    const { settings, connector, signOn, ...rest } = after;
    const row: AppRow = {
      ...rest,
      connector: connector ?? null,
      signOn: signOn ?? null,
      settings: secrets.seal(settingsPurpose, JSON.stringify(settings)),
      secretKeys,
    };
    const changes = compareApps(before, after);
    const keysChanged = JSON.stringify(secretKeys) !== JSON.stringify(stored?.secretKeys ?? null);
    if (changes === undefined && !keysChanged) return { changed: false, row };
    await writeApp(tx, row);
    await appendAudit(tx, {
      actor,
      action: stored === undefined ? 'app.registered' : 'app.changed',
      object: `app/${app.id}`,
      detail: { ...changes },
      requestId,
    });
    return { changed: true, row };
  });
  if (changed) wake.notify('apps');
  return toApp(secrets, row);
};
