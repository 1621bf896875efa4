import { defineConnector } from '#connectors/kit/define-connector.ts';
import { disableAccount, upsertAccount } from '#connectors/kit/upsert-account.ts';
import { createClient } from './client.ts';
import { createAccount, findByCode } from './create-account.ts';
import { listUsers } from './list-users.ts';
import { fromUser, wantedValues } from './mapping.ts';
import { proveProvider } from './prove-provider.ts';
import type { ScimSettings } from './settings.ts';

export default defineConnector<ScimSettings>(({ settings, maxBytes }) => {
  const client = createClient(settings, maxBytes);
  return {
    ping: ({ signal }) => proveProvider(client, settings, signal),
    ports: {
      accounts: {
        async list(page, { signal }) {
          const { users, ...rest } = await listUsers(client, page, settings.pageSize, signal);
          return { items: users.map(user => fromUser(user, settings)), ...rest };
        },
        async get(externalId, { signal }) {
          const user = await client.get(externalId, signal);
          return user === undefined ? undefined : fromUser(user, settings);
        },
        async upsert(account, { signal }) {
          const user = await upsertAccount(account, {
            update: (id, wanted) => client.update(id, wantedValues(wanted, settings), signal),
            findByCode: code => findByCode(client, settings, code, signal),
            create: wanted => createAccount(client, settings, wanted, signal),
          });
          return fromUser(user, settings);
        },
        async disable(account, { signal }) {
          const closed = [{ path: { attribute: 'active' }, value: false }];
          const user = await disableAccount(account, {
            disable: id => client.update(id, closed, signal),
            findByCode: code => findByCode(client, settings, code, signal),
          });
          return fromUser(user, settings);
        },
      },
    },
  };
});
