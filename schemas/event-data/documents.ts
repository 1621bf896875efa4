import { type TSchema, Type } from 'typebox';
import { Uuid } from '#schemas/event-data/keys.ts';

const documentKey = {
  id: Type.String({ format: 'uuid', description: 'The document in this hub, as in /api/v1/documents' }),
  documentId: Type.String({ description: "The sender's own id of it" }),
  from: Type.String({ description: 'Code of the organisation that sends it' }),
};
const documentReceivers = {
  action: Type.Optional(
    Type.String({
      description: 'Gửi mới, thu hồi, cập nhật, thay thế',
      enum: ['new', 'revoke', 'update', 'replace'],
    }),
  ),
  to: Type.Array(Type.String(), { description: 'Codes of the organisations that it is handed to now' }),
};

/** What becomes of documents between organisations. */
export const documentEvents = {
  'document.sent.v1': Type.Object(
    { ...documentKey, ...documentReceivers },
    { title: 'A document of one of our units was taken to be handed to others' },
  ),
  'document.received.v1': Type.Object(
    { ...documentKey, ...documentReceivers },
    { title: 'A document came from outside for units of ours' },
  ),
  'document.status-changed.v1': Type.Object(
    {
      ...documentKey,
      receiver: Type.String({ description: 'Code of the organisation where it is' }),
      code: Type.String({
        description:
          'What was said: 01 đã đến, 02 từ chối, 03 đã tiếp nhận, 04 phân công, 05 đang xử lý, 06 hoàn thành, 13 lấy lại, 15 đồng ý, 16 không đồng ý; others as they came',
      }),
      state: Type.String({
        description: 'Where the document is at the receiver now. More may be added',
        examples: ['received'],
      }),
      description: Type.Optional(Type.String()),
    },
    { title: 'A receiver, or the sender, said something of a document' },
  ),
  'document.undeliverable.v1': Type.Object(
    {
      ...documentKey,
      receiver: Type.String(),
      what: Type.String({ description: '`document` or `status`', examples: ['document'] }),
      code: Type.String({ description: 'Why, a code that does not change' }),
    },
    { title: 'An app or the axis will not take a document or a status: a person decides' },
  ),
  'document.quarantined.v1': Type.Object(
    {
      quarantineId: Uuid,
      app: Type.String({ description: 'Where it came from' }),
      entry: Type.String({ description: 'Its id there' }),
      kind: Type.String({ examples: ['document'] }),
      code: Type.String({
        description: 'What is wrong, a code that does not change',
        examples: ['junk-before-xml'],
      }),
      place: Type.String({ description: 'Where in the package' }),
    },
    { title: 'What came cannot be taken and waits for a person' },
  ),
} satisfies Record<string, TSchema>;
