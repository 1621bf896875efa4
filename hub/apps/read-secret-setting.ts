import { readApp } from '#hub/apps/apps-store.ts';
import { openSettings } from '#hub/apps/show-app.ts';
import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Secrets } from '#hub/platform/secrets.ts';

/** One setting of an app, opened; undefined when it is not set, empty, or no text. @throws {AppError} `unknown-app` */
export const readSecretSetting = async (
  { db, secrets }: { db: Database; secrets: Secrets },
  { id, name }: { id: string; name: string },
): Promise<{ value?: string }> => {
  const row = await readApp(db, id);
  if (row === undefined) throw new AppError('unknown-app', { app: id });
  const value = Object.entries(openSettings(secrets, row)).find(([key]) => key === name)?.[1];
  return typeof value === 'string' && value !== '' ? { value } : {};
};
