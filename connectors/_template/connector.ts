import { defineConnector } from '#connectors/kit/define-connector.ts';
import { disableAccount, upsertAccount } from '#connectors/kit/upsert-account.ts';
import { createClient, type NewAppSettings } from './client.ts';
import { fromVendorUser, toVendorUser } from './mapping.ts';

export default defineConnector<NewAppSettings>(({ settings, maxBytes }) => {
  const client = createClient(settings, maxBytes);
  return {
    async ping({ signal }) {
      await client.list(0, 1, signal);
    },
    ports: {
      accounts: {
        async list({ cursor, limit }, { signal }) {
          const offset = Number(cursor ?? 0);
          const { users, more } = await client.list(offset, limit, signal);
          return {
            items: users.map(fromVendorUser),
            ...(more ? { next: String(offset + users.length) } : {}),
          };
        },
        async get(externalId, { signal }) {
          const user = await client.get(externalId, signal);
          return user && fromVendorUser(user);
        },
        async upsert(account, { signal }) {
          const user = await upsertAccount(account, {
            update: (id, wanted) => client.update(id, toVendorUser(wanted), signal),
            findByCode: code => client.findByCode(code, signal),
            create: wanted => client.create(toVendorUser(wanted), signal),
          });
          return fromVendorUser(user);
        },
        async disable(account, { signal }) {
          const user = await disableAccount(account, {
            disable: id => client.update(id, { active: false }, signal),
            findByCode: code => client.findByCode(code, signal),
          });
          return fromVendorUser(user);
        },
      },
    },
  };
});
