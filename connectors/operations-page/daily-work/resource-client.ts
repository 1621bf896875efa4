import { type Static, type TObject, type TSchema, Type } from 'typebox';
import type { Changes } from '#connectors/kit/daily-work-ports.ts';
import type { HttpRequest } from '#connectors/kit/http.ts';
import { maxPageSize } from '#connectors/operations-page/client.ts';

/** Asks the page and checks the answer's data against a shape. */
export type Ask = <T extends TSchema>(
  shape: T,
) => (method: HttpRequest['method'], path: string, signal: AbortSignal, json?: unknown) => Promise<Static<T>>;

/** One kind of the page's daily work: written by the hub's id, listed by running number of change. */
export const createResourceClient = <T extends TObject>(ask: Ask, path: string, row: T) => {
  const askOne = ask(row);
  const askList = ask(
    Type.Object({
      danhSach: Type.Array(
        Type.Intersect([row, Type.Object({ soThayDoi: Type.Integer(), capNhatLuc: Type.String() })]),
      ),
      conNua: Type.Boolean(),
    }),
  );
  return {
    put: (body: object, signal: AbortSignal) => askOne('PUT', path, signal, body),
    act: (id: string, action: string, body: object, signal: AbortSignal) =>
      askOne('POST', `${path}/${encodeURIComponent(id)}/${action}`, signal, body),
    async changes<A>(
      request: { after?: string; limit: number },
      read: (row: Static<T>) => A,
      signal: AbortSignal,
      /** Parameters of the page that narrow the list. */
      narrow: Record<string, string> = {},
    ): Promise<Changes<A>> {
      const size = Math.min(request.limit, maxPageSize);
      const query = new URLSearchParams({ sau: request.after ?? '0', soDong: String(size), ...narrow });
      const { danhSach, conNua } = await askList('GET', `${path}?${query}`, signal);
      const items = danhSach.map(one => {
        const { soThayDoi, capNhatLuc } = one as { soThayDoi: number; capNhatLuc: string };
        return { item: read(one as Static<T>), cursor: String(soThayDoi), at: capNhatLuc };
      });
      return { items, more: conNua };
    },
  };
};
