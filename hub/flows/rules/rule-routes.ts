import { type Static, Type } from 'typebox';
import { type MergedLists, mergeLists } from '#hub/flows/rules/merge-lists.ts';
import type { Route } from '#hub/platform/http/route.ts';

const Values = Type.Record(Type.String(), Type.Unknown());
const Item = Type.Intersect([
  Values,
  Type.Object({
    externalId: Type.String({ minLength: 1 }),
    id: Type.Optional(Type.String({ minLength: 1 })),
  }),
]);
const Items = Type.Array(Item, { maxItems: 2000 });
const Names = Type.Array(Type.String(), { minItems: 1, maxItems: 50 });
const Lists = Type.Object(
  {
    one: Items,
    other: Items,
    kept: Type.Record(Type.String(), Values),
    fields: Names,
    blank: Values,
    same: Names,
    prefixes: Type.Object({ one: Type.String(), other: Type.String() }, { additionalProperties: false }),
  },
  { additionalProperties: false },
);

/** Rules that are too long for a drawing. They look at what they are given, and do nothing. */
export const ruleRoutes = (): Route[] => [
  {
    tag: 'flows',
    scope: 'events.read',
    method: 'POST',
    path: '/api/v1/flows/rules/merge-lists',
    summary: 'What has to be written to two apps so that both hold the same list',
    description:
      'Changes are told from what both held the last time (`kept`); when both changed a thing, `one` is followed. Keep `kept` of the answer for the next time.',
    body: Lists,
    handle: async ({ body }): Promise<MergedLists> => mergeLists(body as Static<typeof Lists>),
  },
];
