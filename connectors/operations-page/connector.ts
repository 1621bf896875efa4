import { defineConnector } from '#connectors/kit/define-connector.ts';
import { disableAccount, upsertAccount } from '#connectors/kit/upsert-account.ts';
import { createClient, type OperationsPageSettings } from './client.ts';
import { createWorkPorts } from './daily-work/ports.ts';
import { fromCanBo, toCanBo } from './mapping.ts';

export default defineConnector<OperationsPageSettings>(({ settings, maxBytes }) => {
  const client = createClient(settings, maxBytes);
  return {
    async ping({ signal }) {
      await client.list(1, 1, signal);
    },
    ports: {
      ...createWorkPorts(client.ask, settings.workPath.replace(/\/+$/, '')),
      accounts: {
        /** The cursor is the number of the page and its size: a page keeps its size to the end. */
        async list({ cursor, limit }, { signal }) {
          const [page = 1, size = limit] = (cursor ?? '').split('x').filter(Boolean).map(Number);
          const { rows, last } = await client.list(page, size, signal);
          return { items: rows.map(fromCanBo), ...(last ? {} : { next: `${page + 1}x${size}` }) };
        },
        async get(externalId, { signal }) {
          const row = await client.get(externalId, signal);
          return row === undefined ? undefined : fromCanBo(row);
        },
        async upsert(account, { signal }) {
          const row = await upsertAccount(account, {
            update: (id, wanted) => client.update(id, toCanBo(wanted), signal),
            findByCode: code => client.findByCode(code, signal),
            create: wanted => client.create(toCanBo(wanted), signal),
          });
          return fromCanBo(row);
        },
        async disable(account, { signal }) {
          const row = await disableAccount(account, {
            disable: id => client.lock(id, signal),
            findByCode: code => client.findByCode(code, signal),
          });
          return fromCanBo(row);
        },
      },
      signingSource: {
        async fetch({ documentId }, { signal }) {
          const file = await client.fetchFile(documentId, signal);
          return { fileName: file.tenTep, mediaType: file.kieuTep, base64: file.noiDung };
        },
        async putBack({ documentId, fileName, base64, number, date }, { signal }) {
          const file = {
            tenTep: fileName,
            noiDung: base64,
            soKyHieu: number ?? null,
            ngayBanHanh: date ?? null,
          };
          await client.putFile(documentId, file, signal);
        },
      },
    },
  };
});
