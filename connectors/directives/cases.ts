import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { CasesPort } from '#connectors/kit/daily-work-ports.ts';
import { toVietnameseDay } from '#connectors/kit/vietnamese-day.ts';
import { dayOf, dayTo, demandDay, filled, translate } from '#connectors/kit/work-values.ts';
import type { AppCase, CaseAnswer, CitizenCase } from '#schemas/daily-work/citizen-case.ts';
import { listed, pageInput, text, toChanges } from './changes.ts';
import type { DirectivesCall } from './client.ts';

const TraLoi = Type.Object({
  NoiDung: Type.String({ minLength: 1 }),
  DonVi: Type.String({ minLength: 1 }),
  /** dd/MM/yyyy. */
  Ngay: Type.String(),
  SoVanBan: text,
});
/** A citizen's matter as the software tells it (`KienNghi` of the WSDL); `MaLienThong` is the one number. */
const KienNghi = Type.Object({
  Id: Type.String({ minLength: 1 }),
  MaLienThong: text,
  Loai: Type.String(),
  TieuDe: Type.String(),
  NoiDung: text,
  NguoiGui: text,
  NgayNhan: Type.String(),
  DonViXuLy: text,
  HanTraLoi: text,
  TraLoi: Type.Optional(TraLoi),
  ...listed,
});
type KienNghi = Static<typeof KienNghi>;
const checkOne = checkAnswer(Type.Object({ KienNghi }));
const checkMany = checkAnswer(
  Type.Object({ KienNghi: Type.Optional(Type.Array(KienNghi)), ConNua: Type.Boolean() }),
);

const kinds = translate({ reported: 'BaoNeu', 'voter-opinion': 'CuTri', question: 'DanHoi' });

const toKienNghi = (mirrored: CitizenCase): object => ({
  Id: mirrored.externalId,
  MaLienThong: mirrored.number,
  Loai: kinds.to(mirrored.kind),
  TieuDe: mirrored.title,
  NoiDung: mirrored.text,
  NguoiGui: mirrored.from,
  NgayNhan: toVietnameseDay(mirrored.receivedOn),
  DonViXuLy: mirrored.unitCode,
  HanTraLoi: dayTo(mirrored.dueOn),
});

const toTraLoi = (answer: CaseAnswer): object => ({
  NoiDung: answer.text,
  DonVi: answer.unitCode,
  Ngay: toVietnameseDay(answer.on),
  SoVanBan: answer.documentNumber,
});

const fromTraLoi = (answer: Static<typeof TraLoi>): CaseAnswer => ({
  text: answer.NoiDung.normalize('NFC'),
  unitCode: answer.DonVi,
  on: demandDay(answer.Ngay, 'TraLoi/Ngay'),
  ...filled({ documentNumber: answer.SoVanBan }),
});

const fromKienNghi = (row: KienNghi): AppCase => ({
  externalId: row.Id,
  ...filled({ number: row.MaLienThong }),
  kind: kinds.from(row.Loai),
  title: row.TieuDe.normalize('NFC'),
  text: (row.NoiDung ?? '').normalize('NFC'),
  receivedOn: demandDay(row.NgayNhan, 'NgayNhan'),
  ...filled({
    from: row.NguoiGui?.normalize('NFC'),
    unitCode: row.DonViXuLy,
    dueOn: dayOf(row.HanTraLoi),
  }),
  ...(row.TraLoi === undefined ? {} : { answer: fromTraLoi(row.TraLoi) }),
});

/** The port `cases`. */
export const createCases = (call: DirectivesCall): CasesPort => ({
  async upsert(mirrored, { signal }) {
    const { KienNghi } = await call('GhiKienNghi', { KienNghi: toKienNghi(mirrored) }, signal, checkOne);
    return fromKienNghi(KienNghi);
  },
  async list(request, { signal }) {
    const { KienNghi, ConNua } = await call('DanhSachKienNghi', pageInput(request), signal, checkMany);
    return toChanges(KienNghi, ConNua, fromKienNghi);
  },
  async answer({ number, answer }, { signal }) {
    const input = { MaLienThong: number, TraLoi: toTraLoi(answer) };
    return fromKienNghi((await call('TraLoiKienNghi', input, signal, checkOne)).KienNghi);
  },
});
