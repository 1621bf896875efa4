import { type AppRow, readApp, readAppOfConnector, readApps } from '#hub/apps/apps-store.ts';
import { hideSecrets } from '#hub/apps/secret-settings.ts';
import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { App } from '#schemas/app.ts';

type Deps = { db: Database; secrets: Secrets };

/** The purpose that settings are sealed for. */
export const settingsPurpose = 'app-settings';

export const openSettings = (secrets: Secrets, row: AppRow): Record<string, unknown> =>
  JSON.parse(secrets.open(settingsPurpose, row.settings));

/** An app as the outside may see it: no secret in its settings. */
export const toApp = (secrets: Secrets, row: AppRow): App => {
  const { connector, secretKeys, settings: _sealed, signOn, ...rest } = row;
  return {
    ...rest,
    ...(connector === null ? {} : { connector }),
    ...(signOn === null ? {} : { signOn }),
    settings: hideSecrets(openSettings(secrets, row), secretKeys),
  };
};

export const listApps = async ({ db, secrets }: Deps): Promise<App[]> =>
  (await readApps(db)).map(row => toApp(secrets, row));

/** @throws {AppError} `unknown-app` */
export const getApp = async ({ db, secrets }: Deps, id: string): Promise<App> => {
  const row = await readApp(db, id);
  if (row === undefined) throw new AppError('unknown-app', { app: id });
  return toApp(secrets, row);
};

/** The settings with their secrets, for the connector that needs them. @throws {AppError} `unknown-connector` */
export const readConnectorSettings = async (
  { db, secrets }: Deps,
  connector: string,
): Promise<{ enabled: boolean; settings: Record<string, unknown>; guard: App['guard'] }> => {
  const row = await readAppOfConnector(db, connector);
  if (row === undefined) throw new AppError('unknown-connector', { id: connector });
  return { enabled: row.enabled, settings: openSettings(secrets, row), guard: row.guard };
};
