import { Type } from 'typebox';
import { listDeadLetters } from '#hub/flows/dead-letters/dead-letter-store.ts';
import { replay } from '#hub/flows/dead-letters/replay.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { decodeCursor, toPage } from '#hub/platform/http/cursor.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

const common = { scope: 'admin', tag: 'flows' } as const;
const filter = {
  flow: Type.Optional(Type.String({ maxLength: 100, description: "The flow's (tab's) id" })),
  node: Type.Optional(Type.String({ maxLength: 100, description: 'The node that failed' })),
  code: Type.Optional(Type.String({ maxLength: 100 })),
};

/** Messages of flows that were given up: what they were, which node failed and why; and trying them again. */
export const deadLetterRoutes = ({ db, wake, config }: PartContext): Route[] => [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/flows/dead-letters',
    summary: 'Messages of flows that were given up, newest first',
    query: Type.Object({
      ...filter,
      cursor: Type.Optional(Type.String()),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    }),
    async handle({ query }) {
      const { flow, node, code } = query;
      const limit = Number(query.limit ?? 50);
      const [before] = (decodeCursor(query.cursor, ['number']) ?? []) as [number?];
      const rows = await listDeadLetters(
        db,
        { stage: config.flowStage, flow, node, code },
        { before, limit },
      );
      return toPage(rows, limit, ({ sequence }) => [sequence]);
    },
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/flows/dead-letters/replay',
    summary:
      'Tries messages again from the node where they came in: those named, or all that the filter fits',
    description: 'What they did already is not done again; what they had not come to is.',
    body: Type.Object(
      { ids: Type.Optional(Type.Array(Type.String({ format: 'uuid' }), { maxItems: 1000 })), ...filter },
      { additionalProperties: false },
    ),
    answer: Type.Object({ replayed: Type.Integer() }),
    async handle({ body, caller, requestId }) {
      const wanted = body as { ids?: string[]; flow?: string; node?: string; code?: string };
      const by = { actor: actorOf(caller), requestId };
      return replay({ db, wake }, { stage: config.flowStage, ...wanted, ...by });
    },
  },
];
