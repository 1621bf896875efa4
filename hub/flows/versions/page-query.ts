import { type TSchema, Type } from 'typebox';

/** The query parameters of a paged list. */
export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: '50 when absent' })),
  cursor: Type.Optional(Type.String()),
};

export const pageOf = (item: TSchema): TSchema =>
  Type.Object({ items: Type.Array(item), next: Type.Optional(Type.String()) });

/** The page that a query asks for. */
export const withPage = ({ limit, cursor }: Record<string, string>): { limit?: number; cursor?: string } => ({
  ...(limit === undefined ? {} : { limit: Number(limit) }),
  ...(cursor === undefined ? {} : { cursor }),
});
