import { Type } from 'typebox';
import { rejectQuarantined, releaseQuarantined } from '#hub/documents/decide-quarantine.ts';
import { toAppError } from '#hub/documents/document-fault.ts';
import {
  findQuarantine,
  listQuarantine,
  type QuarantineRow,
  quarantinedBytes,
} from '#hub/documents/quarantine-store.ts';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { decodeCursor, toPage } from '#hub/platform/http/cursor.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { type Language, say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';

const common = { tag: 'documents', scope: 'admin' } as const;
const Id = Type.Object({ id: Type.String({ format: 'uuid' }) });
const Shown = Type.Object({
  id: Type.String({ format: 'uuid' }),
  source: Type.String({ description: 'The app or axis that it came from' }),
  entry: Type.String({ description: 'Its id there' }),
  kind: Type.String({ enum: ['document', 'status'] }),
  bytes: Type.Integer(),
  sha256: Type.String(),
  code: Type.String({ description: 'What is wrong, a code that does not change' }),
  place: Type.String({ description: 'Where in the package' }),
  reason: Type.String({ description: 'The same in words, with what to do' }),
  state: Type.String({ enum: ['waiting', 'released', 'rejected'] }),
  note: Type.Optional(Type.String()),
  cameAt: Type.String({ format: 'date-time' }),
  decidedAt: Type.Optional(Type.String({ format: 'date-time' })),
  decidedBy: Type.Optional(Type.String()),
});

const show = (row: QuarantineRow, language: Language): object => {
  const { note, decidedAt, decidedBy, ...rest } = row;
  return {
    ...rest,
    reason: say(language, `documents.reason.${row.code}`),
    cameAt: row.cameAt.toISOString(),
    ...(note === null ? {} : { note }),
    ...(decidedAt === null ? {} : { decidedAt: decidedAt.toISOString() }),
    ...(decidedBy === null ? {} : { decidedBy }),
  };
};

/** `/api/v1/documents/quarantine`: what came and cannot be taken, why, and what a person decides. */
export const quarantineRoutes = (context: PartContext): Route[] => {
  const { db } = context;
  const demand = async (id: string): Promise<QuarantineRow> => {
    const row = await findQuarantine(db, id);
    if (row === undefined) throw new AppError('unknown-quarantine');
    return row;
  };
  return [
    {
      ...common,
      method: 'GET',
      path: '/api/v1/documents/quarantine',
      summary: 'Packages that cannot be taken, with the reason and the place; the newest first',
      query: Type.Object({
        state: Type.Optional(Type.String({ enum: ['waiting', 'released', 'rejected'] })),
        cursor: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
      }),
      answer: Type.Object({ items: Type.Array(Shown), next: Type.Optional(Type.String()) }),
      async handle({ query, language }) {
        const limit = Number(query.limit ?? 50);
        const [at, id] = decodeCursor(query.cursor, ['string', 'string']) ?? [];
        const before = at === undefined ? undefined : { at: String(at), id: String(id) };
        const rows = await listQuarantine(db, { state: query.state, before, limit });
        const { items, ...next } = toPage(rows, limit, row => [row.cameAt.toISOString(), row.id]);
        return { items: items.map(row => show(row, language)), ...next };
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/api/v1/documents/quarantine/{id}/package',
      summary: 'The package byte for byte as it came',
      description: 'It may be anything, harmful content too: it comes as a download that no browser shows.',
      params: Id,
      async handle({ params }) {
        const row = await demand(params.id!);
        return new Reply(200, await quarantinedBytes(db, row.id), {
          'content-type': 'application/octet-stream',
          'content-disposition': `attachment; filename="${row.id}.edxml"`,
        });
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/documents/quarantine/{id}/release',
      summary: 'Try again, after the cause was mended; still wrong: 422 with the reason of now',
      params: Id,
      status: 204,
      async handle({ params, caller }) {
        await releaseQuarantined(context, params.id!, actorOf(caller)).catch(error => {
          throw toAppError(error);
        });
        return new Reply(204, undefined);
      },
    },
    {
      ...common,
      method: 'POST',
      path: '/api/v1/documents/quarantine/{id}/reject',
      summary: 'Do nothing with it; the bytes stay for evidence',
      params: Id,
      body: Type.Object(
        { note: Type.String({ minLength: 1, maxLength: 1000 }) },
        { additionalProperties: false },
      ),
      status: 204,
      async handle({ params, body, caller }) {
        const { note } = body as { note: string };
        await rejectQuarantined(context, params.id!, { note, actor: actorOf(caller) });
        return new Reply(204, undefined);
      },
    },
  ];
};
