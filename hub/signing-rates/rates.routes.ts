import { Type } from 'typebox';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { IssuedDocument, SigningRates } from '#schemas/signing-rates.ts';
import { type RatesQuery, showRates } from './show-rates.ts';
import { takeDocuments } from './take-documents.ts';
import { writeWorkbook } from './write-workbook.ts';

const common = { tag: 'signing', scope: 'signing.request' } as const;
const Day = Type.String({ format: 'date' });
const query = Type.Object({
  from: Type.Optional(Day),
  until: Type.Optional(Day),
  unit: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
});
const description =
  'Both days of the period are included; without them it is the year so far. Beside it stands all that was issued up to ' +
  '`until`. `unit`: id or code; then only that unit and those below it. Only units that issued something are listed.';

/** `/api/v1/signing/rates`: apps report what was issued, and anybody reads the shares. */
export const ratesRoutes = (context: PartContext): Route[] => [
  {
    ...common,
    method: 'POST',
    path: '/api/v1/signing/rates/documents',
    summary: 'Report issued documents, signed or not',
    description:
      'By document of the app: the same one again replaces what was said before, so a report can be sent again. What was ' +
      'signed through the hub counts as signed whatever is reported. An unknown unit refuses the whole batch.',
    body: Type.Object(
      { documents: Type.Array(IssuedDocument, { minItems: 1, maxItems: 1000 }) },
      { additionalProperties: false },
    ),
    status: 204,
    async handle({ body, caller }) {
      const { documents } = body as { documents: IssuedDocument[] };
      await takeDocuments(context, caller.appId ?? caller.clientId, documents);
      return new Reply(204, undefined);
    },
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/signing/rates',
    summary: 'Signed share of issued documents, by unit: in a period and since the beginning',
    description,
    query,
    answer: SigningRates,
    handle: ({ query }) => showRates(context, query as RatesQuery),
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/signing/rates.xlsx',
    summary: 'The same as a workbook',
    description,
    query,
    async handle({ query, language }) {
      const rates = await showRates(context, query as RatesQuery);
      return new Reply(200, await writeWorkbook(rates, language), {
        'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        'content-disposition': `attachment; filename="ti-le-ky-so-${rates.from}-${rates.until}.xlsx"`,
      });
    },
  },
];
