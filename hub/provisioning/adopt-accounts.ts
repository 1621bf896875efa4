import type { Call } from '#hub/platform/calls.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { adoptAccounts as adoptRows } from './adopt-store.ts';
import type { AppDirectory } from './app-directory.ts';
import { desiredAccount } from './desired-account.ts';
import type { Mapping } from './evaluate-mapping.ts';
import { loadSnapshots, mapPeople } from './prepare-tasks.ts';

interface Link {
  app: string;
  staffId: string;
  externalId: string;
  enabled: boolean;
}

const findApp = async (directory: AppDirectory, id: string) => {
  const app = await directory.find(id);
  if (app?.workable) return app;
  // At a first load the connector may have come up just now, and `given` depends on what it holds.
  directory.forget();
  const again = await directory.find(id);
  if (again === undefined) throw new AppError('unknown-app', { app: id });
  return again;
};

/** Named twice counts once, the last time: neither a person nor an account can be in two links of an app. */
const onceEach = (links: Link[]): Link[] => {
  const byAccount = new Map(links.map(link => [link.externalId, link]));
  return [...new Map([...byAccount.values()].map(link => [link.staffId, link])).values()];
};

/**
 * Takes over accounts that the apps have already: linked, and held to be as a plan would give them, so that the
 * next plan has nothing to do. Nothing is sent. People whom the register does not know are left out.
 */
export const adoptAccounts = async (
  context: { db: Database; call: Call; directory: AppDirectory; mapping: Mapping },
  request: { links: Link[] },
): Promise<{ adopted: number }> => {
  const { db, call, directory, mapping } = context;
  const people = await loadSnapshots(call, [...new Set(request.links.map(({ staffId }) => staffId))]);
  const parents = await directory.unitParents();
  let adopted = 0;
  for (const [id, links] of Map.groupBy(request.links, ({ app }) => app)) {
    const app = await findApp(directory, id);
    const known = onceEach(links).flatMap(link => {
      const staff = people.get(link.staffId);
      return staff === undefined ? [] : [{ link, staff }];
    });
    const mapped = await mapPeople(
      mapping,
      app,
      known.map(({ staff }) => staff),
    );
    const accounts = known.map(({ link, staff }) => {
      const result = mapped.get(staff.id);
      const values = result && 'mapped' in result ? result.mapped : {};
      return { ...link, given: desiredAccount(staff, app, values, parents).values };
    });
    adopted += await inTransaction(db, tx => adoptRows(tx, id, accounts));
  }
  return { adopted };
};
