import type { DesiredAccount } from '#schemas/account.ts';
import { ConnectorError } from './errors.ts';

/** What an app can do to one account, in the words of its protocol; `undefined`: there is no such account. */
export interface AccountActions<T> {
  update(externalId: string, account: DesiredAccount): Promise<T | undefined>;
  /** The id of the account that holds this staff code. */
  findByCode(code: string): Promise<string | undefined>;
  /** Absent where the hub may not create people. */
  create?(account: DesiredAccount): Promise<T>;
}

const gone = (): ConnectorError => new ConnectorError('not-found', 'the app has no such account');

/**
 * The order that the accounts port promises: by `externalId`, else by staff code, else create. Two hubs that
 * create the same person at once end at one account: the second finds what the first has made.
 */
export const upsertAccount = async <T>(account: DesiredAccount, actions: AccountActions<T>): Promise<T> => {
  const updateByCode = async (): Promise<T | undefined> => {
    const found = await actions.findByCode(account.code);
    return found === undefined ? undefined : actions.update(found, account);
  };
  const known =
    account.externalId === undefined ? undefined : await actions.update(account.externalId, account);
  const updated = known ?? (await updateByCode());
  if (updated !== undefined) return updated;
  if (actions.create === undefined) throw gone();
  try {
    return await actions.create(account);
  } catch (error) {
    if (!(error instanceof ConnectorError && error.code === 'conflict')) throw error;
    const made = await updateByCode();
    if (made === undefined) throw error;
    return made;
  }
};

/** Closes by `externalId`, else by staff code; `not-found` when neither is there. */
export const disableAccount = async <T>(
  account: { externalId: string; code?: string },
  actions: {
    disable(externalId: string): Promise<T | undefined>;
    findByCode(code: string): Promise<string | undefined>;
  },
): Promise<T> => {
  const known = await actions.disable(account.externalId);
  if (known !== undefined) return known;
  const found = account.code === undefined ? undefined : await actions.findByCode(account.code);
  const closed = found === undefined ? undefined : await actions.disable(found);
  if (closed === undefined) throw gone();
  return closed;
};
