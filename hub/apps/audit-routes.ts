import { Type } from 'typebox';
import { readAudit } from '#hub/apps/audit-trail-store.ts';
import type { Database } from '#hub/platform/database.ts';
import { decodeCursor, toPage } from '#hub/platform/http/cursor.ts';
import type { Route } from '#hub/platform/http/route.ts';

const AuditLine = Type.Object({
  id: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  actor: Type.String(),
  action: Type.String(),
  object: Type.String(),
  detail: Type.Record(Type.String(), Type.Unknown()),
  requestId: Type.Union([Type.String(), Type.Null()]),
});

/** The trail of what was changed, by whom, when and by which request. */
export const auditRoutes = ({ db }: { db: Database }): Route[] => [
  {
    method: 'GET',
    path: '/api/v1/audit',
    scope: 'admin',
    tag: 'audit',
    summary: 'Lists who changed what, newest first',
    query: Type.Object({
      actor: Type.Optional(
        Type.String({ description: 'client/<id>, connector/<id>, staff/<uuid> or sandbox' }),
      ),
      action: Type.Optional(Type.String({ description: 'app.changed, client.created, …' })),
      object: Type.Optional(Type.String({ description: 'app/<id>, client/<id>, …' })),
      // PostgreSQL knows no year 0.
      since: Type.Optional(Type.String({ format: 'date-time', pattern: '^[1-9]' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: '100 when absent' })),
      cursor: Type.Optional(Type.String()),
    }),
    answer: Type.Object({ items: Type.Array(AuditLine), next: Type.Optional(Type.String()) }),
    async handle({ query }) {
      const limit = Number(query.limit ?? 100);
      const [before] = (decodeCursor(query.cursor, ['number']) ?? []) as [number?];
      const rows = await readAudit(db, query, { before, limit: limit + 1 });
      return toPage(rows, limit, row => [row.id]);
    },
  },
];
