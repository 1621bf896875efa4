import { defineConnector } from '#connectors/kit/define-connector.ts';
import { disableAccount, upsertAccount } from '#connectors/kit/upsert-account.ts';
import { createClient, type PortalSettings } from './client.ts';
import { createCalendar } from './daily-work/calendar.ts';
import { createCases } from './daily-work/cases.ts';
import { createDossiers } from './daily-work/dossiers.ts';
import { createStatistics } from './daily-work/statistics.ts';
import { fromOfficer, toOfficer } from './mapping.ts';

export default defineConnector<PortalSettings>(({ settings, maxBytes }) => {
  const client = createClient(settings, maxBytes);
  return {
    async ping({ signal }) {
      await client.list(undefined, 1, signal);
    },
    ports: {
      calendar: createCalendar(client.ask),
      cases: createCases(client.ask),
      dossiers: createDossiers(client.ask),
      statistics: createStatistics(client.ask),
      accounts: {
        async list({ cursor, limit }, { signal }) {
          const page = await client.list(cursor, limit, signal);
          return {
            items: page.items.map(fromOfficer),
            ...(page.next_cursor === null ? {} : { next: page.next_cursor }),
          };
        },
        async get(externalId, { signal }) {
          const officer = await client.get(externalId, signal);
          return officer === undefined ? undefined : fromOfficer(officer);
        },
        async upsert(account, { signal }) {
          const officer = await upsertAccount(account, {
            update: (id, wanted) => client.update(id, toOfficer(wanted), signal),
            findByCode: code => client.findByCode(code, signal),
            create: wanted => client.create(toOfficer(wanted), signal),
          });
          return fromOfficer(officer);
        },
        async disable(account, { signal }) {
          const officer = await disableAccount(account, {
            disable: id => client.update(id, { status: 'LOCKED' }, signal),
            findByCode: code => client.findByCode(code, signal),
          });
          return fromOfficer(officer);
        },
      },
      signingSource: {
        async fetch({ documentId }, { signal }) {
          const file = await client.fetchFile(documentId, signal);
          return { fileName: file.file_name, mediaType: file.media_type, base64: file.content_base64 };
        },
        async putBack({ documentId, fileName, base64, number, date }, { signal }) {
          const file = {
            file_name: fileName,
            content_base64: base64,
            number: number ?? null,
            issued_on: date ?? null,
          };
          await client.putFile(documentId, file, signal);
        },
      },
    },
  };
});
