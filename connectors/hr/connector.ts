import { defineConnector } from '#connectors/kit/define-connector.ts';
import { unlessNotFound } from '#connectors/kit/not-found.ts';
import { disableAccount, upsertAccount } from '#connectors/kit/upsert-account.ts';
import { createHrClient, type HrSettings } from './client.ts';
import { toHrRecord } from './map-record.ts';
import { toAppAccount, toWriteBack } from './mapping.ts';

export default defineConnector<HrSettings>(({ settings, maxBytes }) => {
  const client = createHrClient(settings, maxBytes);
  return {
    async ping({ signal }) {
      await client.list(undefined, 1, signal);
    },
    ports: {
      hrSource: {
        async pull({ after, limit }, { signal }) {
          const { rows, last, more } = await client.changes(after, limit, signal);
          const changes = rows.map(row => ({
            record: toHrRecord(row.HoSo),
            cursor: row.Moc,
            at: row.ThoiDiem,
          }));
          const cursor = changes.at(-1)?.cursor ?? (last || after);
          return { changes, more, ...(cursor === undefined ? {} : { cursor }) };
        },
      },
      accounts: {
        /** The cursor is the last person told. */
        async list({ cursor, limit }, { signal }) {
          const { rows, more } = await client.list(cursor, limit, signal);
          const last = rows.at(-1)?.MaNhanSu;
          return { items: rows.map(toAppAccount), ...(more && last !== undefined ? { next: last } : {}) };
        },
        async get(externalId, { signal }) {
          const file = await unlessNotFound(client.get({ MaNhanSu: externalId }, signal));
          return file && toAppAccount(file);
        },
        async upsert(account, { signal }) {
          const file = await upsertAccount(account, {
            update: (id, wanted) =>
              unlessNotFound(client.write({ MaNhanSu: id }, toWriteBack(wanted), signal)),
            findByCode: async code =>
              (await unlessNotFound(client.get({ MaCBCCVC: code }, signal)))?.MaNhanSu,
          });
          return toAppAccount(file);
        },
        async disable(account, { signal }) {
          const file = await disableAccount(account, {
            disable: id => unlessNotFound(client.write({ MaNhanSu: id }, { TenTaiKhoan: '' }, signal)),
            findByCode: async code =>
              (await unlessNotFound(client.get({ MaCBCCVC: code }, signal)))?.MaNhanSu,
          });
          return toAppAccount(file);
        },
      },
    },
  };
});
