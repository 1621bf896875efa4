import type { Call } from '#hub/platform/calls.ts';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { AppError } from '#hub/platform/errors.ts';
import { adoptAccounts as adoptRows } from './adopt-store.ts';
import type { AppDirectory } from './app-directory.ts';
import { desiredAccount } from './desired-account.ts';
import type { Mapping } from './evaluate-mapping.ts';
import { loadSnapshots, mapPeople } from './prepare-tasks.ts';

/**
 * Takes over accounts that an app has already: linked, and held to be as a plan would give them, so that the
 * next plan has nothing to do. Nothing is sent. People whom the register does not know are left out.
 */
export const adoptAccounts = async (
  context: { db: Database; call: Call; directory: AppDirectory; mapping: Mapping },
  request: { app: string; accounts: { staffId: string; externalId: string; enabled: boolean }[] },
): Promise<{ adopted: number }> => {
  const { db, call, directory, mapping } = context;
  let app = await directory.find(request.app);
  if (!app?.workable) {
    // At a first load the connector may have come up just now, and `given` depends on what it holds.
    directory.forget();
    app = await directory.find(request.app);
  }
  if (app === undefined) throw new AppError('unknown-app', { app: request.app });
  // Named twice counts once, the last time: neither a person nor an account can be in two links.
  const byAccount = new Map(request.accounts.map(account => [account.externalId, account]));
  const byPerson = new Map([...byAccount.values()].map(account => [account.staffId, account]));
  const snapshots = await loadSnapshots(call, [...byPerson.keys()]);
  const parents = await directory.unitParents();
  const mapped = await mapPeople(mapping, app, [...snapshots.values()]);
  const known = app;
  const accounts = [...byPerson.values()].flatMap(account => {
    const staff = snapshots.get(account.staffId);
    if (staff === undefined) return [];
    const result = mapped.get(staff.id);
    const values = result && 'mapped' in result ? result.mapped : {};
    return [{ ...account, given: desiredAccount(staff, known, values, parents).values }];
  });
  return { adopted: await inTransaction(db, tx => adoptRows(tx, request.app, accounts)) };
};
