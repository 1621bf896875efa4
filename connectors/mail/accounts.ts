import { ConnectorError } from '#connectors/kit/errors.ts';
import type { AccountsPort } from '#connectors/kit/ports.ts';
import { disableAccount, upsertAccount } from '#connectors/kit/upsert-account.ts';
import type { Client, ZimbraAccount } from './client.ts';
import { byCode, people } from './filter.ts';
import { isFault } from './map-fault.ts';
import {
  askedAttributes,
  closed,
  differences,
  hasAlias,
  toAppAccount,
  toAttributes,
  wantedAddress,
} from './mapping.ts';
import type { MailSettings } from './settings.ts';

/** The port `accounts` over Zimbra. Every method may be repeated after a lost answer. */
export const createAccounts = (client: Client, settings: MailSettings): AccountsPort => {
  const { domain } = settings;

  const findByCode = async (code: string, signal: AbortSignal): Promise<string | undefined> => {
    const page = { domain, offset: 0, limit: 2, attrs: ['employeeNumber'] };
    const { accounts } = await client.search(byCode(code), page, signal);
    if (accounts.length > 1)
      throw new ConnectorError('conflict', 'several mailboxes carry the same staff code');
    return accounts[0]?.id;
  };

  const rename = async (account: ZimbraAccount, address: string, signal: AbortSignal) => {
    // Back to an earlier name: as an alias of its own it would be in the way of itself.
    if (hasAlias(account, address)) await client.removeAlias(account.id, address, signal);
    return client.changePrimaryEmail(account.id, address, signal);
  };

  return {
    async list({ cursor, limit }, { signal }) {
      const offset = cursor === undefined ? 0 : Number(cursor);
      if (!Number.isSafeInteger(offset) || offset < 0)
        throw new ConnectorError('refused', 'the cursor is not one of this connector');
      const page = { domain, offset, limit, attrs: askedAttributes };
      const { accounts, more } = await client.search(people(settings.listFilter), page, signal);
      const items = accounts.map(account => toAppAccount(account));
      return more && items.length > 0 ? { items, next: String(offset + items.length) } : { items };
    },

    async get(externalId, { signal }) {
      const account = await client.get('id', externalId, askedAttributes, signal);
      return account && toAppAccount(account);
    },

    async upsert(desired, { signal }) {
      const wanted = toAttributes(desired);
      const extra = Object.keys(desired.extra ?? {});
      return upsertAccount(desired, {
        async update(id) {
          let account = await client.get('id', id, [...askedAttributes, ...extra], signal);
          if (account === undefined) return undefined;
          // Before the address: a taken address must not keep a leaver's mailbox open.
          const changed = differences(account, wanted);
          if (changed.size > 0) account = await client.modify(id, changed, signal);
          const address = wantedAddress(desired.username, account);
          if (account.name.toLowerCase() !== address) account = await rename(account, address, signal);
          return toAppAccount(account, extra);
        },
        findByCode: code => findByCode(code, signal),
        // The address may be taken by the same person's mailbox, made by an attempt whose answer was lost:
        // the kit then looks for the staff code again. With another code, or none, it is a conflict.
        create: async () => {
          const address = `${desired.username}@${domain}`.toLowerCase();
          const filled = new Map([...wanted].filter(([, value]) => value !== ''));
          return toAppAccount(await client.create(address, filled, signal), extra);
        },
      });
    },

    disable(account, { signal }) {
      return disableAccount(account, {
        async disable(id) {
          try {
            return toAppAccount(await client.modify(id, closed, signal));
          } catch (error) {
            if (isFault(error, 'account.NO_SUCH_ACCOUNT')) return undefined;
            throw error;
          }
        },
        findByCode: code => findByCode(code, signal),
      });
    },
  };
};
