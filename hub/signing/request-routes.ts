import PQueue from 'p-queue';
import { Type } from 'typebox';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { decodeCursor, toPage } from '#hub/platform/http/cursor.ts';
import { Reply, type Route, type RouteRequest } from '#hub/platform/http/route.ts';
import { seesAllApps } from '#hub/platform/http/sees-all-apps.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { endRequests } from '#hub/signing/end-requests.ts';
import type { FileWorkers } from '#hub/signing/file-workers.ts';
import { handOver } from '#hub/signing/hand-over.ts';
import { mediaTypes, readBeside, readFile } from '#hub/signing/read-file.ts';
import { maxBodyBytes, readUpload } from '#hub/signing/read-upload.ts';
import { maxFileBytes, receiveRequest } from '#hub/signing/receive-request.ts';
import { findRequests, insertBatch, listRequests, type RequestRow } from '#hub/signing/request-store.ts';
import { showRequests } from '#hub/signing/show-request.ts';
import { type SigningRequest, SigningRequestInput, signingStates } from '#schemas/signing.ts';

const common = { tag: 'signing', scope: 'signing.request' } as const;
const Id = Type.Object({ id: Type.String({ format: 'uuid' }) });

/** Whose requests a client makes and sees: its app's, or its own when it belongs to none. */
const ownerOf = ({ appId, clientId }: RouteRequest['caller']): string => appId ?? clientId;

const download = (bytes: Buffer, mediaType: string, fileName: string): Reply =>
  new Reply(200, bytes, {
    'content-type': mediaType,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
  });

/** `/api/v1/signing/requests` and `/batches`: apps ask for signatures, follow them, and fetch the signed file. */
export const requestRoutes = (context: PartContext, workers: FileWorkers): Route[] => {
  const { db, call, wake } = context;

  const demand = async ({ caller, params }: RouteRequest): Promise<RequestRow> => {
    const [found] = await findRequests(db, [params.id!]);
    if (found === undefined || (!seesAllApps(caller) && found.appId !== ownerOf(caller)))
      throw new AppError('unknown-signing-request');
    return found;
  };
  const show = async (id: string): Promise<SigningRequest> =>
    (await showRequests(db, await findRequests(db, [id])))[0]!;

  /** What an app's files come and go through. */
  const connectorOf = async (appId: string): Promise<string> => {
    const { connector } = await call('apps.get', { id: appId });
    if (connector !== undefined) return connector;
    throw new AppError('invalid-request', {}, { faults: [{ pointer: '/putBack', code: 'no-connector' }] });
  };
  /** From the app itself, when the request came without its file. */
  const fetchFile = async (appId: string, documentId: string): Promise<Buffer> => {
    const answer = await call('connectors.invoke', {
      id: await connectorOf(appId),
      port: 'signingSource',
      method: 'fetch',
      input: [{ documentId }],
    });
    if (!answer.ok) throw new AppError('connector-failed', { app: appId, reason: answer.message });
    return Buffer.from((answer.result as { base64: string }).base64, 'base64');
  };

  const receive = async (
    caller: RouteRequest['caller'],
    input: SigningRequestInput,
    file: Buffer | undefined,
    batchId?: string,
  ): Promise<{ id: string; created: boolean }> => {
    const appId = input.appId ?? ownerOf(caller);
    if (appId !== ownerOf(caller) && !seesAllApps(caller))
      throw new AppError('insufficient-scope', { scope: 'admin' });
    if (input.putBack) await connectorOf(appId);
    return receiveRequest(
      { db, call, workers },
      {
        input,
        file: file ?? (await fetchFile(appId, input.documentId)),
        appId,
        actor: actorOf(caller),
        ...(batchId === undefined ? {} : { batchId }),
      },
    );
  };

  return [
    {
      ...common,
      method: 'POST',
      path: '/api/v1/signing/requests',
      summary: 'Ask for a document to be signed',
      description:
        'multipart/form-data with the file and a field `request` (JSON as below, without `file`), or JSON with `file` in base64, ' +
        'or JSON without it: then the hub fetches the file from the app by its connector. A file of at most 100 MB: a PDF is signed as PAdES, XML as XAdES, ' +
        'anything else gets its signature beside it (CAdES). ' +
        'The same file with the same steps for the same document again answers 200 with the request that is there.',
      raw: true,
      maxBytes: maxBodyBytes,
      maxFileBytes,
      contentTypes: ['multipart/form-data', 'application/json'],
      body: SigningRequestInput,
      status: 201,
      async handle({ stream, headers, caller, language }) {
        const { input, file } = await readUpload(stream, String(headers['content-type'] ?? ''), language);
        const { id, created } = await receive(caller, input, file);
        wake.notify('events');
        return new Reply(created ? 201 : 200, await show(id), { location: `/api/v1/signing/requests/${id}` });
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/signing/requests',
      summary: 'Requests, newest first',
      query: Type.Object({
        state: Type.Optional(Type.String({ enum: [...signingStates] })),
        documentId: Type.Optional(Type.String({ maxLength: 200 })),
        batchId: Type.Optional(Type.String({ format: 'uuid' })),
        cursor: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
      }),
      async handle({ query, caller }) {
        const limit = Number(query.limit ?? 50);
        const key = decodeCursor(query.cursor, ['string', 'string']) as [string, string] | undefined;
        const rows = await listRequests(db, {
          appId: seesAllApps(caller) ? undefined : ownerOf(caller),
          state: query.state,
          documentId: query.documentId,
          batchId: query.batchId,
          before: key && { createdAt: key[0], id: key[1] },
          limit: limit + 1,
        });
        const { items, next } = toPage(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id]);
        return { items: await showRequests(db, items), ...(next === undefined ? {} : { next }) };
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/signing/requests/{id}',
      summary: 'How far a request is',
      params: Id,
      handle: async request => show((await demand(request)).id),
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/signing/requests/{id}/file',
      summary: 'The file as it is now, with the signatures that are there',
      params: Id,
      async handle(request) {
        const found = await demand(request);
        return download(await readFile(db, found), mediaTypes[found.format], found.fileName);
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/signing/requests/{id}/signatures/{position}',
      summary: 'The signature that stands beside a file (CAdES, .p7s): of what is neither PDF nor XML',
      params: Type.Object({
        id: Type.String({ format: 'uuid' }),
        position: Type.Integer({ minimum: 1, maximum: 20 }),
      }),
      async handle(request) {
        const found = await demand(request);
        const signature = await readBeside(db, found, Number(request.params.position));
        if (signature === undefined) throw new AppError('not-found');
        return download(signature, 'application/pkcs7-signature', `${found.fileName}.p7s`);
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/signing/requests/{id}/cancel',
      summary: 'Take a request back; what is signed already stays so',
      params: Id,
      async handle(request) {
        const { id } = await demand(request);
        if ((await endRequests(db, [id], 'cancelled', actorOf(request.caller))) === 0)
          throw new AppError('signing-too-late');
        wake.notify('events');
        return show(id);
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/signing/hand-overs',
      summary: 'Give what waits for somebody who left to another person',
      description:
        'Only of a person who has left, to one who works. An app hands over its own requests; the IT centre and its flows those of all apps.',
      body: Type.Object(
        { staffId: Type.String({ format: 'uuid' }), toStaffId: Type.String({ format: 'uuid' }) },
        { additionalProperties: false },
      ),
      async handle({ body, caller }) {
        const given = body as { staffId: string; toStaffId: string };
        const appId = seesAllApps(caller) ? undefined : ownerOf(caller);
        return handOver(context, { ...given, appId, actor: actorOf(caller) });
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/signing/batches',
      summary: 'Ask for many documents to be signed',
      description:
        'Each is taken or refused by itself; at most 300, with files in base64 or fetched from the app.',
      body: Type.Object(
        { requests: Type.Array(SigningRequestInput, { minItems: 1, maxItems: 300 }) },
        { additionalProperties: false },
      ),
      status: 201,
      async handle({ body, caller }) {
        const batchId = await insertBatch(db, ownerOf(caller));
        const { requests } = body as { requests: SigningRequestInput[] };
        const take = async ({ file, ...input }: SigningRequestInput): Promise<unknown> => {
          const { documentId } = input;
          try {
            const bytes = file === undefined ? undefined : Buffer.from(file, 'base64');
            return { documentId, ...(await receive(caller, input, bytes, batchId)) };
          } catch (error) {
            if (!(error instanceof AppError)) throw error;
            const { code, message, faults } = error;
            return { documentId, code, message, faults };
          }
        };
        const turns = new PQueue({ concurrency: 4 });
        const items = await turns.addAll(requests.map(one => () => take(one)));
        wake.notify('events');
        return new Reply(
          201,
          { id: batchId, items },
          { location: `/api/v1/signing/requests?batchId=${batchId}` },
        );
      },
    },
  ];
};
