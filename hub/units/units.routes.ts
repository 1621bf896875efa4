import { Type } from 'typebox';
import type { Call } from '#hub/platform/calls.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import { Day } from '#schemas/hr-record.ts';
import { Unit, UnitEntry } from '#schemas/unit.ts';

const tag = 'units';
const Id = Type.Object({ id: Type.String() });

/** `/api/v1/units`: the tree, one unit with its history, loading a list, merging, closing. */
export const unitRoutes = (call: Call): Route[] => [
  {
    method: 'GET',
    path: '/api/v1/units',
    scope: 'hr.read',
    tag,
    summary: 'Units in force on a day: all, the children of one, or those that a text finds',
    description:
      '`q` is a part of a name, accents or not, or the beginning of a code (ours, `code2016`, `code2020`).',
    query: Type.Object({
      at: Type.Optional(Day),
      parentId: Type.Optional(Type.String()),
      q: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    answer: Type.Object({ items: Type.Array(Unit) }),
    handle: async ({ query }) => ({ items: await call('units.list', query) }),
  },
  {
    method: 'GET',
    path: '/api/v1/units/{id}',
    scope: 'hr.read',
    tag,
    summary: 'One unit with every period of its history',
    params: Id,
    answer: Type.Object({ unit: Unit, history: Type.Array(Unit) }),
    handle: async ({ params }) => ({
      unit: await call('units.get', { id: params.id! }),
      history: await call('units.history', { id: params.id! }),
    }),
  },
  {
    method: 'POST',
    path: '/api/v1/units',
    scope: 'admin',
    tag,
    summary: 'Load a list of units: creates, renames and moves; never closes or brings back',
    body: Type.Object({ units: Type.Array(UnitEntry, { maxItems: 20_000 }) }),
    answer: Type.Object({ created: Type.Integer(), updated: Type.Integer(), unchanged: Type.Integer() }),
    handle: async ({ body, caller }) =>
      call('units.load', {
        ...(body as { units: UnitEntry[] }),
        source: 'api',
        actor: actorOf(caller),
      }),
  },
  {
    method: 'POST',
    path: '/api/v1/units/{id}/merge',
    scope: 'admin',
    tag,
    summary: 'Close units from a day on; this one takes over',
    params: Id,
    body: Type.Object({ unitIds: Type.Array(Type.String({ format: 'uuid' }), { minItems: 1 }), at: Day }),
    answer: Unit,
    handle: async ({ params, body, caller }) =>
      new Reply(
        200,
        await call('units.merge', {
          ...(body as { unitIds: string[]; at: string }),
          successorId: params.id!,
          source: 'api',
          actor: actorOf(caller),
        }),
      ),
  },
  {
    method: 'POST',
    path: '/api/v1/units/{id}/close',
    scope: 'admin',
    tag,
    summary: 'End an empty unit from a day on; nobody takes over',
    params: Id,
    body: Type.Object({ at: Day }),
    answer: Unit,
    handle: async ({ params, body, caller }) =>
      new Reply(
        200,
        await call('units.close', {
          ...(body as { at: string }),
          id: params.id!,
          source: 'api',
          actor: actorOf(caller),
        }),
      ),
  },
];
