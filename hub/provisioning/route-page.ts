import { type TSchema, Type } from 'typebox';

/** The query parameters of every paged route. */
export const pageQuery = {
  cursor: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
};

export const pageOf = (item: TSchema): TSchema =>
  Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) });

/** A query as parameters of a command: `limit` is a number there. */
export const withPage = <Q extends Record<string, unknown>>(
  query: Q,
): Omit<Q, 'limit'> & { limit?: number } => {
  const { limit, ...rest } = query;
  return limit === undefined ? rest : { ...rest, limit: Number(limit) };
};
