import { defineConnector } from '#connectors/kit/define-connector.ts';
import { unlessNotFound } from '#connectors/kit/not-found.ts';
import { disableAccount } from '#connectors/kit/upsert-account.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import { createDocumentSystemClient, type DocumentSystemSettings } from './client.ts';
import { createDocumentsPort } from './documents-port.ts';
import { toAppAccount, toCanBo } from './mapping.ts';
import { createStatistics } from './statistics.ts';

export default defineConnector<DocumentSystemSettings>(({ settings, maxBytes }) => {
  const client = createDocumentSystemClient(settings, maxBytes);
  return {
    async ping({ signal }) {
      await client.list(1, 1, signal);
    },
    ports: {
      accounts: {
        /** The cursor is the number of the page and its size: a page keeps its size to the end. */
        async list({ cursor, limit }, { signal }) {
          const [page = 1, size = Math.min(limit, client.maxRows)] = (cursor?.split('.') ?? []).map(Number);
          const { total, rows } = await client.list(page, size, signal);
          return {
            items: rows.map(toAppAccount),
            ...(page * size < total ? { next: `${page + 1}.${size}` } : {}),
          };
        },
        async get(externalId, { signal }) {
          const canBo = await unlessNotFound(client.get({ MaCanBo: externalId }, signal));
          return canBo && toAppAccount(canBo);
        },
        /** The software itself finds by id or by staff code and creates, so one call is enough. */
        async upsert(account, { signal }) {
          const canBo = toCanBo(account);
          const { MaCanBo, ...byCode } = canBo;
          const known = MaCanBo === undefined ? undefined : await unlessNotFound(client.save(canBo, signal));
          return toAppAccount(known ?? (await client.save(byCode, signal)));
        },
        async disable(account, { signal }) {
          const locked = await disableAccount(account, {
            disable: id => unlessNotFound(client.lock(id, signal)),
            findByCode: async code => (await unlessNotFound(client.get({ MaCBCCVC: code }, signal)))?.MaCanBo,
          });
          return toAppAccount(locked);
        },
      },
      documents: createDocumentsPort(client),
      statistics: createStatistics(client),
      signingSource: {
        async fetch({ documentId }, { signal }) {
          const { TenTep, KieuTep, NoiDung } = await client.fetchFile(documentId, signal);
          return { fileName: TenTep, mediaType: KieuTep, base64: NoiDung };
        },
        async putBack({ documentId, fileName, base64, number, date }, { signal }) {
          await client.putFile(
            {
              MaVanBan: documentId,
              TenTep: fileName,
              NoiDung: base64,
              ...(number === undefined ? {} : { SoKyHieu: number }),
              ...(date === undefined ? {} : { NgayBanHanh: toVietnameseDay(date) }),
            },
            signal,
          );
        },
      },
    },
  };
});
