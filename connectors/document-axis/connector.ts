import { defineConnector } from '#connectors/kit/define-connector.ts';
import { createAxisClient, type DocumentAxisSettings } from './client.ts';
import { toEntry, toMessageType } from './mapping.ts';

export default defineConnector<DocumentAxisSettings>(({ settings, maxBytes }) => {
  const client = createAxisClient(settings, maxBytes);
  return {
    async ping({ signal }) {
      await client.list('edoc', signal);
    },
    ports: {
      documentAxis: {
        send: async (parcel, { signal }) => ({
          docId: await client.send({ ...parcel, kind: toMessageType(parcel.kind) }, signal),
        }),
        list: async ({ kind }, { signal }) => ({
          items: (await client.list(toMessageType(kind), signal)).map(toEntry),
        }),
        fetch: async ({ docId }, { signal }) => ({ base64: await client.fetch(docId, signal) }),
        acknowledge: ({ docId, outcome }, { signal }) => client.updateStatus(docId, outcome, signal),
      },
    },
  };
});
