import { defineConnector } from '#connectors/kit/define-connector.ts';
import { unlessNotFound } from '#connectors/kit/not-found.ts';
import { disableAccount, upsertAccount } from '#connectors/kit/upsert-account.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import { createCases } from './cases.ts';
import { createDirectivesClient, type DirectivesSettings } from './client.ts';
import { createDirectives } from './directives-port.ts';
import { toAppAccount, toNguoiDung } from './mapping.ts';
import { createStatistics } from './statistics.ts';

export default defineConnector<DirectivesSettings>(({ settings, maxBytes }) => {
  const client = createDirectivesClient(settings, maxBytes);
  return {
    async ping({ signal }) {
      await client.list(0, 1, signal);
    },
    ports: {
      cases: createCases(client.callWork),
      directives: createDirectives(client.callWork),
      statistics: createStatistics(client.callWork),
      accounts: {
        /** The cursor is the number of users already told. */
        async list({ cursor, limit }, { signal }) {
          const skip = Number(cursor ?? 0);
          const { total, rows } = await client.list(skip, limit, signal);
          const reached = skip + rows.length;
          const more = rows.length > 0 && reached < total;
          return { items: rows.map(toAppAccount), ...(more ? { next: String(reached) } : {}) };
        },
        async get(externalId, { signal }) {
          const user = await client.find({ Id: externalId }, signal);
          return user && toAppAccount(user);
        },
        async upsert(account, { signal }) {
          const user = await upsertAccount(account, {
            update: (id, wanted) => unlessNotFound(client.change({ ...toNguoiDung(wanted), Id: id }, signal)),
            findByCode: async code => (await client.find({ MaCBCCVC: code }, signal))?.Id,
            create: wanted => client.add(toNguoiDung(wanted), signal),
          });
          return toAppAccount(user);
        },
        async disable(account, { signal }) {
          const user = await disableAccount(account, {
            disable: id => unlessNotFound(client.stop(id, signal)),
            findByCode: async code => (await client.find({ MaCBCCVC: code }, signal))?.Id,
          });
          return toAppAccount(user);
        },
      },
      signingSource: {
        async fetch({ documentId }, { signal }) {
          const { TenTep, LoaiTep, DuLieu } = await client.fetchFile(documentId, signal);
          return { fileName: TenTep, mediaType: LoaiTep, base64: DuLieu };
        },
        async putBack({ documentId, fileName, base64, number, date }, { signal }) {
          await client.putFile(
            {
              IdVanBan: documentId,
              TenTep: fileName,
              DuLieu: base64,
              ...(number === undefined ? {} : { SoVanBan: number }),
              ...(date === undefined ? {} : { NgayVanBan: toVietnameseDay(date) }),
            },
            signal,
          );
        },
      },
    },
  };
});
