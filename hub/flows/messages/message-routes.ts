import { Type } from 'typebox';
import { putMessage } from '#hub/flows/messages/put-message.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';

const common = { scope: 'admin', tag: 'flows' } as const;

/** How other programs hand messages to flows. */
export const messageRoutes = ({ db, wake, config }: PartContext): Route[] => [
  {
    ...common,
    method: 'POST',
    path: '/api/v1/flows/{flow}/messages',
    summary:
      'Hands a message to an input of a flow; the answer means that it is kept, not that it is handled',
    params: Type.Object({ flow: Type.String({ maxLength: 100 }) }),
    body: Type.Object(
      {
        node: Type.String({ maxLength: 100 }),
        id: Type.Optional(
          Type.String({ format: 'uuid', description: 'The same id again is the same message' }),
        ),
        key: Type.Optional(
          Type.String({ maxLength: 200, description: 'Messages of one key one after the other' }),
        ),
        payload: Type.Unknown(),
      },
      { additionalProperties: false },
    ),
    status: 202,
    answer: Type.Object({ id: Type.String() }),
    async handle({ params, body }) {
      const {
        payload,
        id = crypto.randomUUID(),
        ...given
      } = body as {
        node: string;
        id?: string;
        key?: string;
        payload: unknown;
      };
      return putMessage(
        { db, wake },
        { stage: config.flowStage, flow: params.flow!, id, message: { payload }, ...given },
      );
    },
  },
];
