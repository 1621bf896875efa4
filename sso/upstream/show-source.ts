import type { Database } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { UpstreamSource } from '#schemas/upstream.ts';
import { hideSecrets } from '#sso/upstream/hide-secrets.ts';
import { openSource, type Source } from '#sso/upstream/source.ts';
import { countPeople, readSource, readSources } from '#sso/upstream/sources-store.ts';

type Deps = { db: Database; secrets: Secrets };

/** A source as the outside may see it: no secret in its settings. */
export const showSource = async (
  { db }: Deps,
  { revision: _revision, settings, ...source }: Source,
): Promise<UpstreamSource> => ({
  ...source,
  [source.kind]: hideSecrets(settings),
  people: await countPeople(db, source.id),
});

/** The sources with their secrets, those that are switched off too. */
export const openSources = async ({ db, secrets }: Deps): Promise<Source[]> =>
  (await readSources(db)).map(row => openSource(secrets, row));

/** One source with its secrets. @throws {AppError} `not-found` */
export const findSource = async ({ db, secrets }: Deps, id: string): Promise<Source> => {
  const row = await readSource(db, id);
  if (row === undefined) throw new AppError('not-found');
  return openSource(secrets, row);
};
