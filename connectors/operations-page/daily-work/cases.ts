import { type Static, Type } from 'typebox';
import type { CasesPort } from '#connectors/kit/daily-work-ports.ts';
import { nullable, nullableText } from '#connectors/kit/nullable.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import { dayOf, dayTo, demandDay, filled, translate } from '#connectors/kit/work-values.ts';
import type { AppCase, CaseAnswer, CitizenCase } from '#schemas/daily-work/citizen-case.ts';
import { type Ask, createResourceClient } from './resource-client.ts';

const TraLoi = Type.Object({
  noiDung: Type.String({ minLength: 1 }),
  donVi: Type.String({ minLength: 1 }),
  /** dd/MM/yyyy. */
  ngay: Type.String(),
  soVanBan: nullableText,
});
/** A citizen's matter as the page tells it; `maLienThong` is the one number. */
const VuViec = Type.Object({
  id: Type.String({ minLength: 1 }),
  maLienThong: nullableText,
  loai: Type.String(),
  tieuDe: Type.String(),
  noiDung: Type.String(),
  nguoiGui: nullableText,
  ngayNhan: Type.String(),
  donViXuLy: nullableText,
  hanTraLoi: nullableText,
  traLoi: nullable(TraLoi),
});
type VuViec = Static<typeof VuViec>;

const kinds = translate({ reported: 'BAO_NEU', 'voter-opinion': 'CU_TRI', question: 'DAN_HOI' });

const toVuViec = (mirrored: CitizenCase): object => ({
  maLienThong: mirrored.number,
  id: mirrored.externalId,
  loai: kinds.to(mirrored.kind),
  tieuDe: mirrored.title,
  noiDung: mirrored.text,
  nguoiGui: mirrored.from,
  ngayNhan: toVietnameseDay(mirrored.receivedOn),
  donViXuLy: mirrored.unitCode,
  hanTraLoi: dayTo(mirrored.dueOn),
});

const toTraLoi = (answer: CaseAnswer): object => ({
  noiDung: answer.text,
  donVi: answer.unitCode,
  ngay: toVietnameseDay(answer.on),
  soVanBan: answer.documentNumber,
});

const fromTraLoi = (answer: Static<typeof TraLoi>): CaseAnswer => ({
  text: answer.noiDung,
  unitCode: answer.donVi,
  on: demandDay(answer.ngay, 'traLoi/ngay'),
  ...filled({ documentNumber: answer.soVanBan }),
});

const fromVuViec = (row: VuViec): AppCase => ({
  externalId: row.id,
  ...filled({ number: row.maLienThong }),
  kind: kinds.from(row.loai),
  title: row.tieuDe,
  text: row.noiDung,
  receivedOn: demandDay(row.ngayNhan, 'ngayNhan'),
  ...filled({ from: row.nguoiGui, unitCode: row.donViXuLy, dueOn: dayOf(row.hanTraLoi) }),
  ...(row.traLoi ? { answer: fromTraLoi(row.traLoi) } : {}),
});

export const createCases = (ask: Ask, root: string): CasesPort => {
  const client = createResourceClient(ask, `${root}/vu-viec`, VuViec);
  return {
    upsert: async (mirrored, { signal }) => fromVuViec(await client.put(toVuViec(mirrored), signal)),
    list: (request, { signal }) => client.changes(request, fromVuViec, signal),
    answer: async ({ number, answer }, { signal }) =>
      fromVuViec(await client.act(number, 'tra-loi', toTraLoi(answer), signal)),
  };
};
