import { Type } from 'typebox';
import { packDocument } from '#edxml/pack.ts';
import {
  type DocumentRow,
  findDocument,
  type ListFilter,
  listDocuments,
  packageOf,
  readVersion,
} from '#hub/documents/document-store.ts';
import { receiverStates } from '#hub/documents/next-state.ts';
import { receiversOf } from '#hub/documents/receiver-store.ts';
import { retryDocument } from '#hub/documents/retry.ts';
import { showDocument } from '#hub/documents/show-document.ts';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { decodeCursor, toPage } from '#hub/platform/http/cursor.ts';
import { Reply, type Route, type RouteRequest } from '#hub/platform/http/route.ts';
import { seesAllApps } from '#hub/platform/http/sees-all-apps.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { DocumentStaff, OrganId, SentDocument, ShownDocument } from '#schemas/document.ts';

const common = { tag: 'documents', scope: 'documents.exchange' } as const;
const Id = Type.Object({ id: Type.String({ format: 'uuid' }) });
const Reason = Type.String({ minLength: 1, maxLength: 1000 });
const closed = { additionalProperties: false };
const Change = Type.Object({ document: SentDocument, reason: Reason }, closed);

/** Absent: sees all. */
const appOf = (caller: RouteRequest['caller']): string | undefined =>
  seesAllApps(caller) ? undefined : (caller.appId ?? caller.clientId);

/** `/api/v1/documents`: send, follow, take back, change, say what became of a document. */
export const documentRoutes = (context: PartContext): Route[] => {
  const { db, call } = context;
  const demand = async ({ caller, params }: RouteRequest): Promise<DocumentRow> => {
    const row = await findDocument(db, params.id!);
    const app = appOf(caller);
    if (row === undefined) throw new AppError('unknown-document');
    if (app === undefined || row.originApp === app) return row;
    const receivers = await receiversOf(db, [row.id]);
    if (!receivers.some(receiver => receiver.app === app)) throw new AppError('unknown-document');
    return row;
  };
  const show = async (id: string) => showDocument(db, (await findDocument(db, id))!);
  return [
    {
      ...common,
      method: 'POST',
      path: '/api/v1/documents',
      summary: 'Send a document of one of our units to its receivers',
      description:
        'Units inside have it from their document system, organisations outside by the axis. The same document again changes nothing. Bodies up to 10 MB; larger files go by the document system.',
      body: SentDocument,
      answer: ShownDocument,
      status: 202,
      async handle({ body, caller }) {
        const appId = caller.appId === undefined ? {} : { appId: caller.appId };
        const given = { document: body as SentDocument, ...appId, actor: actorOf(caller) };
        return new Reply(202, await show((await call('documents.send', given)).id));
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/documents',
      summary: 'Documents sent and received, the newest first',
      query: Type.Object({
        state: Type.Optional(Type.String({ enum: [...receiverStates] })),
        direction: Type.Optional(Type.String({ enum: ['sent', 'received'] })),
        cursor: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
      }),
      answer: Type.Object({ items: Type.Array(ShownDocument), next: Type.Optional(Type.String()) }),
      async handle({ query, caller }) {
        const limit = Number(query.limit ?? 50);
        const [at, id] = decodeCursor(query.cursor, ['string', 'string']) ?? [];
        const before = at === undefined ? undefined : { at: String(at), id: String(id) };
        const direction = query.direction as ListFilter['direction'];
        const rows = await listDocuments(db, {
          app: appOf(caller),
          state: query.state,
          direction,
          before,
          limit,
        });
        const { items, ...next } = toPage(rows, limit, row => [row.createdAt.toISOString(), row.id]);
        return { items: await Promise.all(items.map(row => showDocument(db, row))), ...next };
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/documents/{id}',
      summary: 'One document: where it is at each receiver, and all that was said of it',
      params: Id,
      answer: ShownDocument,
      handle: async request => showDocument(db, await demand(request)),
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/documents/{id}/package',
      summary: 'The document as an edXML package: as it came from the axis, or as it is sent there',
      params: Id,
      async handle(request) {
        const row = await demand(request);
        const kept = await packageOf(db, row.versionId);
        const bytes = kept ?? Buffer.from(await packDocument(await readVersion(db, row.versionId)));
        return new Reply(200, bytes, {
          'content-type': 'application/octet-stream',
          'content-disposition': `attachment; filename="${row.id}.edxml"`,
        });
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/documents/{id}/statuses',
      summary: 'Say what became of a document at one of our receivers (01 to 06, 15, 16)',
      params: Id,
      body: Type.Object(
        {
          organId: OrganId,
          code: Type.String({ pattern: '^\\d{2}$' }),
          description: Type.Optional(Reason),
          staff: Type.Optional(DocumentStaff),
        },
        closed,
      ),
      answer: ShownDocument,
      async handle(request) {
        const { id } = await demand(request);
        const given = request.body as { organId: string; code: string };
        return call('documents.report-status', { id, ...given, actor: actorOf(request.caller) });
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/documents/{id}/recall',
      summary: 'Take a document back: ask its receivers (13), or withdraw it',
      params: Id,
      body: Type.Object(
        {
          organIds: Type.Optional(Type.Array(OrganId, { minItems: 1 })),
          reason: Reason,
          revoke: Type.Optional(Type.Boolean({ description: 'Withdraw it: nobody is asked' })),
        },
        closed,
      ),
      answer: ShownDocument,
      async handle(request) {
        const { id } = await demand(request);
        return call('documents.recall', {
          id,
          ...(request.body as { reason: string }),
          actor: actorOf(request.caller),
        });
      },
    },
    ...(['update', 'replace'] as const).map(
      (verb): Route => ({
        ...common,
        method: 'POST',
        path: `/api/v1/documents/{id}/${verb}`,
        summary:
          verb === 'update'
            ? 'Send a new form of the document to those who have it'
            : 'Send another document in the place of this one; answers the new one',
        params: Id,
        body: Change,
        answer: ShownDocument,
        async handle(request) {
          const { id } = await demand(request);
          const given = request.body as { document: SentDocument; reason: string };
          return call(`documents.${verb}`, { id, ...given, actor: actorOf(request.caller) });
        },
      }),
    ),
    {
      ...common,
      method: 'POST',
      path: '/api/v1/documents/{id}/retry',
      summary: 'Hand over once more what an app or the axis did not take',
      params: Id,
      answer: ShownDocument,
      async handle(request) {
        const { id } = await demand(request);
        await retryDocument(context, id);
        return show(id);
      },
    },
  ];
};
