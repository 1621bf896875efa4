import { Type } from 'typebox';
import type { Changes } from '#connectors/kit/daily-work-ports.ts';
import { ConnectorError } from '#connectors/kit/errors.ts';
import type { ChangesRequest } from '#schemas/daily-work/changes-request.ts';
import { maxRows } from './client.ts';

export const text = Type.Optional(Type.String());

/** What every row says in a listing beside its own fields. */
export const listed = { SoThayDoi: Type.Optional(Type.Integer()), CapNhatLuc: text };

export const pageInput = ({ after, limit }: ChangesRequest): object => ({
  SauSo: Number(after ?? 0),
  SoDong: Math.min(limit, maxRows),
});

interface Listed {
  SoThayDoi?: number;
  CapNhatLuc?: string;
}
/** A listing of the service as changes of a port. */
export const toChanges = <R extends Listed, A>(
  rows: R[] | undefined,
  more: boolean,
  read: (row: R) => A,
): Changes<A> => ({
  items: (rows ?? []).map(row => {
    if (row.SoThayDoi === undefined || row.CapNhatLuc === undefined)
      throw new ConnectorError('unexpected-answer', 'a listed row does not say when it was changed');
    return { item: read(row), cursor: String(row.SoThayDoi), at: row.CapNhatLuc };
  }),
  more,
});
