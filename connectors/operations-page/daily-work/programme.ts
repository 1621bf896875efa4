import { type Static, Type } from 'typebox';
import type { ProgrammePort } from '#connectors/kit/daily-work-ports.ts';
import { nullableText } from '#connectors/kit/nullable.ts';
import { dayOf, dayTo, filled, translate } from '#connectors/kit/work-values.ts';
import type { AppProgrammeItem, ProgrammeItem } from '#schemas/daily-work/programme-item.ts';
import { type Ask, createResourceClient } from './resource-client.ts';

/** A line of a work programme, or a periodic report, as the page tells it. */
const ChuongTrinh = Type.Object({
  id: Type.String({ minLength: 1 }),
  maLienThong: nullableText,
  loai: Type.String(),
  ky: Type.String(),
  donVi: Type.String(),
  guiCapTren: nullableText,
  tieuDe: Type.String(),
  noiDung: nullableText,
  /** dd/MM/yyyy. */
  han: nullableText,
  trangThai: Type.String(),
});
type ChuongTrinh = Static<typeof ChuongTrinh>;

const kinds = translate({ programme: 'CHUONG_TRINH', report: 'BAO_CAO' });
const states = translate({ draft: 'NHAP', registered: 'DA_DANG_KY', accepted: 'DA_DUYET' });

const toChuongTrinh = (item: ProgrammeItem): object => ({
  maLienThong: item.id,
  id: item.externalId,
  loai: kinds.to(item.kind),
  ky: item.period,
  donVi: item.unitCode,
  guiCapTren: item.sentUpTo,
  tieuDe: item.title,
  noiDung: item.text,
  han: dayTo(item.dueOn),
  trangThai: states.to(item.state),
});

const fromChuongTrinh = (row: ChuongTrinh): AppProgrammeItem => ({
  externalId: row.id,
  ...filled({ id: row.maLienThong }),
  kind: kinds.from(row.loai),
  period: row.ky,
  unitCode: row.donVi,
  title: row.tieuDe,
  state: states.from(row.trangThai),
  ...filled({ sentUpTo: row.guiCapTren, text: row.noiDung, dueOn: dayOf(row.han) }),
});

export const createProgramme = (ask: Ask, root: string): ProgrammePort => {
  const client = createResourceClient(ask, `${root}/chuong-trinh`, ChuongTrinh);
  return {
    upsert: async (item, { signal }) => fromChuongTrinh(await client.put(toChuongTrinh(item), signal)),
    list: (request, { signal }) => client.changes(request, fromChuongTrinh, signal),
  };
};
