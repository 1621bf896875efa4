import { Type } from 'typebox';
import { type Change, giveCode, setHeld, setHolders } from '#hub/key-service/change-credential.ts';
import { type CredentialRow, findCredential, pageOfCredentials } from '#hub/key-service/credential-store.ts';
import { installCertificate } from '#hub/key-service/install-certificate.ts';
import { readCertificates, toPem } from '#hub/key-service/pem.ts';
import { Key, showKey } from '#hub/key-service/show-key.ts';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { decodeCursor, toPage } from '#hub/platform/http/cursor.ts';
import { Reply, type Route, type RouteRequest } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

const common = { tag: 'signing', scope: 'admin' } as const;
const Uuid = Type.String({ format: 'uuid' });
const params = Type.Object({ id: Uuid });
const path = '/api/v1/signing/credentials';
const Base64 = Type.String({ minLength: 1, maxLength: 100_000, description: 'PEM, or DER in base64' });

const changeBy = ({ params: { id }, caller, requestId }: RouteRequest): Change => ({
  credentialId: id!,
  actor: actorOf(caller),
  requestId,
});

/** What the IT centre does with keys that are there. */
export const credentialRoutes = ({
  db,
  revoke,
}: Pick<PartContext, 'db'> & { revoke(given: Change & { reason: string }): Promise<void> }): Route[] => {
  const demand = async (id: string): Promise<CredentialRow> => {
    const row = await findCredential(db, id);
    if (row === undefined) throw new AppError('unknown-signing-key');
    return row;
  };
  /** A change that answers the key as it is then. */
  const change = (
    told: Pick<Route, 'path' | 'summary'> & Partial<Pick<Route, 'method' | 'description' | 'body'>>,
    work: (given: Change, request: RouteRequest) => Promise<unknown>,
  ): Route => ({
    ...common,
    method: 'POST',
    params,
    answer: Key,
    ...told,
    async handle(request) {
      await work(changeBy(request), request);
      return showKey(await demand(request.params.id!));
    },
  });
  return [
    {
      ...common,
      method: 'GET',
      path,
      summary: 'Signing keys, those first that expire first',
      description:
        '`expiresWithin` (days): keys to renew. Those whose holder has another that lasts longer are left out.',
      query: Type.Object({
        staffId: Type.Optional(Uuid),
        unitId: Type.Optional(Uuid),
        expiresWithin: Type.Optional(Type.Integer({ minimum: 0, maximum: 3650 })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
        cursor: Type.Optional(Type.String({ maxLength: 500 })),
      }),
      answer: Type.Object({ items: Type.Array(Key), next: Type.Optional(Type.String()) }),
      async handle({ query }) {
        const limit = Number(query.limit ?? 100);
        const rows = await pageOfCredentials(db, {
          staffId: query.staffId,
          unitId: query.unitId,
          expiresWithin: query.expiresWithin === undefined ? undefined : Number(query.expiresWithin),
          after: decodeCursor(query.cursor, ['string', 'string']) as [string, string] | undefined,
          limit: limit + 1,
        });
        const page = toPage(rows, limit, row => [row.key, row.id]);
        return { ...page, items: page.items.map(showKey) };
      },
    },
    {
      ...common,
      method: 'GET',
      path: `${path}/{id}`,
      summary: 'One signing key',
      params,
      answer: Key,
      handle: async ({ params: { id } }) => showKey(await demand(id!)),
    },
    {
      ...common,
      method: 'GET',
      path: `${path}/{id}/request`,
      summary: 'Its certificate request (PKCS#10) in PEM, for the authority',
      params,
      handle: async ({ params: { id } }) =>
        new Reply(200, toPem('CERTIFICATE REQUEST', (await demand(id!)).request), {
          'content-type': 'application/x-pem-file',
          'content-disposition': `attachment; filename="${id}.csr"`,
        }),
    },
    change(
      {
        method: 'PUT',
        path: `${path}/{id}/certificate`,
        summary: 'Brings the certificate that the authority issued, with its issuers',
        description:
          'The key signs from now on. A newer certificate of the same key takes the place of the older.',
        body: Type.Object(
          { certificate: Base64, chain: Type.Optional(Type.Array(Base64, { maxItems: 10 })) },
          { additionalProperties: false },
        ),
      },
      (given, { body }) => {
        const { certificate, chain = [] } = body as { certificate: string; chain?: string[] };
        const [own, ...issuers] = [certificate, ...chain].flatMap(readCertificates);
        return installCertificate(
          { db },
          {
            ...given,
            certificate: own!.toString('base64'),
            chain: issuers.map(der => der.toString('base64')),
          },
        );
      },
    ),
    change(
      {
        path: `${path}/{id}/hold`,
        summary: 'Holds a key: it signs nothing until it is released',
      },
      given => setHeld(db, { ...given, held: true }),
    ),
    change(
      {
        path: `${path}/{id}/release`,
        summary: 'Releases a key that was held, by the IT centre or by wrong PINs',
      },
      given => setHeld(db, { ...given, held: false }),
    ),
    change(
      {
        path: `${path}/{id}/revoke`,
        summary: 'Ends a key for ever and removes it from the token',
        description:
          'The authority that issued its certificate must be told as well: only it can put it on its list.',
        body: Type.Object(
          { reason: Type.String({ minLength: 1, maxLength: 200 }) },
          { additionalProperties: false },
        ),
      },
      (given, { body }) => revoke({ ...given, reason: (body as { reason: string }).reason }),
    ),
    change(
      {
        method: 'PUT',
        path: `${path}/{id}/holders`,
        summary: "Makes these the people who may sign with an organisation's key",
        body: Type.Object({ staffIds: Type.Array(Uuid, { maxItems: 100 }) }, { additionalProperties: false }),
      },
      (given, { body }) => setHolders(db, { ...given, ...(body as { staffIds: string[] }) }),
    ),
    {
      ...common,
      method: 'POST',
      path: `${path}/{id}/code`,
      summary: 'Gives a holder who forgot their PIN a code to choose another',
      description:
        'The PIN is worth nothing from now on. The code is answered this once: hand it over in person.',
      params,
      answer: Type.Object({ code: Type.String() }),
      handle: request => giveCode(db, changeBy(request)),
    },
  ];
};
