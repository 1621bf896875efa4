import { type TSchema, Type } from 'typebox';
import { Uuid } from '#schemas/event-data/keys.ts';
import { Day } from '#schemas/hr-record.ts';

const signingKey = {
  requestId: Uuid,
  appId: Type.String({ description: 'The app that asked; only it is told' }),
  documentId: Type.String({ description: "The document's id in that app" }),
};
const signingStep = {
  position: Type.Integer({ minimum: 1, description: 'Which signature of the request, the first is 1' }),
  staffId: Type.Optional(Type.String({ format: 'uuid', description: 'The person who was to sign' })),
  unitId: Type.Optional(
    Type.String({ format: 'uuid', description: 'The organisation whose seal it was to be' }),
  ),
};

const signingTicket = {
  ticketId: Type.String({ format: 'uuid', description: 'No app is told of it, only the IT centre' }),
  routeId: Type.String({ description: 'The signing service that is not asked' }),
  kind: Type.String({
    description:
      '`reported-broken`, `certificate-expired`, `certificate-withdrawn` or `service-unavailable`. More may be added',
    examples: ['reported-broken'],
  }),
  staffId: Type.Optional(Type.String({ format: 'uuid', description: 'The person whose key it is' })),
  unitId: Type.Optional(Type.String({ format: 'uuid', description: 'The organisation whose key it is' })),
};

/** What becomes of requests for signatures, and of signing devices in trouble. */
export const signingEvents = {
  'signing.received.v1': Type.Object(signingKey, { title: 'A document was taken to be signed' }),
  'signing.signed.v1': Type.Object(
    { ...signingKey, ...signingStep, signedAt: Type.String({ format: 'date-time' }) },
    { title: 'One signature of a document was made, embedded and checked' },
  ),
  'signing.returned.v1': Type.Object(
    {
      ...signingKey,
      signedAt: Type.String({ format: 'date-time', description: 'Of the last signature' }),
      unitId: Type.Optional(Type.String({ format: 'uuid', description: 'The organisation that sealed it' })),
      number: Type.Optional(Type.String({ description: 'Số và ký hiệu, as the clerk gave it' })),
      issuedOn: Type.Optional(Day),
      sha256: Type.String({ description: 'Of the signed file, in hex' }),
    },
    { title: 'All signatures are there; the file can be fetched, or was put back into its app' },
  ),
  'signing.refused.v1': Type.Object(
    {
      ...signingKey,
      ...signingStep,
      reason: Type.Optional(Type.String({ description: 'In the words of who refused' })),
    },
    { title: 'Somebody refused to sign: the request has ended' },
  ),
  'signing.cancelled.v1': Type.Object(signingKey, { title: 'The app took its request back' }),
  'signing.expired.v1': Type.Object(signingKey, { title: 'The request was not signed by its due time' }),
  'signing.failed.v1': Type.Object(
    { ...signingKey, code: Type.String({ description: 'A stable error code' }) },
    { title: 'The request could not be finished' },
  ),
  'signing.ticket-opened.v1': Type.Object(signingTicket, {
    title: "Somebody's signing device or service is in trouble, and is not asked until it is well again",
  }),
  'signing.ticket-closed.v1': Type.Object(
    {
      ...signingTicket,
      recovered: Type.Boolean({
        description: 'true: there is a usable certificate again; false: the IT centre closed it by hand',
      }),
    },
    { title: 'That trouble is over: the service is asked again' },
  ),
} satisfies Record<string, TSchema>;
