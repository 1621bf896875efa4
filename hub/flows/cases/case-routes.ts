import { Type } from 'typebox';
import { listCases, putCase, removeCase } from '#hub/flows/cases/case-store.ts';
import { recordCase } from '#hub/flows/cases/record-case.ts';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import type { Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { FlowCase } from '#schemas/flow-case.ts';

const common = { scope: 'admin', tag: 'flows' } as const;
const OfFlow = Type.Object({ flow: Type.String({ maxLength: 100 }) });
const Row = Type.Object({ flow: Type.String(), given: FlowCase });

/** Tests of flows. */
export const caseRoutes = ({ db, call }: PartContext): Route[] => [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/flows/{flow}/cases',
    summary: 'Cases of a flow: a message in, what the world answers, and what the flow must do',
    params: OfFlow,
    answer: Type.Object({ items: Type.Array(Row) }),
    handle: async ({ params }) => ({ items: await listCases(db, [params.flow!]) }),
  },
  {
    ...common,
    method: 'PUT',
    path: '/api/v1/flows/{flow}/cases',
    summary: 'Keeps a case; one of the same name is replaced',
    params: OfFlow,
    body: FlowCase,
    answer: Row,
    async handle({ params, body, caller }) {
      const given = body as FlowCase;
      await putCase(db, params.flow!, given, actorOf(caller));
      return { flow: params.flow!, given };
    },
  },
  {
    ...common,
    method: 'DELETE',
    path: '/api/v1/flows/{flow}/cases/{name}',
    summary: 'Forgets a case',
    params: Type.Object({ flow: Type.String(), name: Type.String() }),
    async handle({ params }) {
      if (!(await removeCase(db, params.flow!, params.name!))) throw new AppError('not-found');
    },
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/flows/cases/record',
    summary: 'Makes a case of a real message; everything personal in it is made up',
    body: Type.Object(
      {
        messageId: Type.String({ format: 'uuid' }),
        name: Type.String({ minLength: 1, maxLength: 200 }),
      },
      { additionalProperties: false },
    ),
    answer: Row,
    handle: async ({ body, caller }) =>
      recordCase({ db }, { ...(body as { messageId: string; name: string }), actor: actorOf(caller) }),
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/flows/cases/run',
    summary: 'Runs cases of the flows that the sandbox stage has; nothing real is touched',
    body: Type.Object(
      { flows: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 200 })) },
      { additionalProperties: false },
    ),
    async handle({ body }) {
      const { flows } = body as { flows?: string[] };
      return {
        items: await call('flow-runtime.run-cases', flows === undefined ? {} : { flows }, {
          timeoutMs: 300_000,
        }),
      };
    },
  },
];
