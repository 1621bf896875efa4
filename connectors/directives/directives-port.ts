import { type Static, Type } from 'typebox';
import { checkAnswer } from '#connectors/kit/check-answer.ts';
import type { DirectivesPort } from '#connectors/kit/daily-work-ports.ts';
import { dayOf, dayTo, filled, translate } from '#connectors/kit/work-values.ts';
import type { AppDirective, Directive } from '#schemas/daily-work/directive.ts';
import { listed, pageInput, text, toChanges } from './changes.ts';
import type { DirectivesCall } from './client.ts';

/** An entry as the software tells it (`YKien` of the WSDL). */
const YKien = Type.Object({
  Id: Type.String({ minLength: 1 }),
  MaLienThong: text,
  SoKyHieu: text,
  NoiDung: Type.String(),
  DonViChuTri: Type.String(),
  /** dd/MM/yyyy. */
  HanXuLy: text,
  NguonLoai: text,
  NguonSo: text,
  TrangThai: Type.String(),
  TienDo: Type.Integer({ minimum: 0, maximum: 100 }),
  GhiChu: text,
  ...listed,
});
type YKien = Static<typeof YKien>;
const checkOne = checkAnswer(Type.Object({ YKien }));
const checkMany = checkAnswer(
  Type.Object({ YKien: Type.Optional(Type.Array(YKien)), ConNua: Type.Boolean() }),
);

const states = translate({
  open: 'ChuaThucHien',
  'in-progress': 'DangThucHien',
  done: 'HoanThanh',
  cancelled: 'Huy',
});
const sources = translate({ other: 'Khac', document: 'VanBan', case: 'KienNghi', directive: 'ChiDao' });

const toYKien = (directive: Directive): object => ({
  Id: directive.externalId,
  MaLienThong: directive.id,
  SoKyHieu: directive.number,
  NoiDung: directive.title,
  DonViChuTri: directive.unitCode,
  HanXuLy: dayTo(directive.dueOn),
  NguonLoai: directive.source && sources.to(directive.source.kind),
  NguonSo: directive.source?.number,
  TrangThai: directive.progress && states.to(directive.progress.state),
  TienDo: directive.progress?.percent,
  GhiChu: directive.progress?.note,
});

const fromYKien = (row: YKien): AppDirective => ({
  externalId: row.Id,
  ...filled({ id: row.MaLienThong }),
  number: row.SoKyHieu || `YK-${row.Id}`,
  title: row.NoiDung.normalize('NFC'),
  unitCode: row.DonViChuTri,
  ...filled({ dueOn: dayOf(row.HanXuLy) }),
  ...(row.NguonSo ? { source: { kind: sources.from(row.NguonLoai), number: row.NguonSo } } : {}),
  progress: {
    state: states.from(row.TrangThai),
    percent: row.TienDo,
    ...filled({ note: row.GhiChu?.normalize('NFC') }),
  },
});

/** The port `directives`. An entry that people made without a number is known by its own: `YK-12`. */
export const createDirectives = (call: DirectivesCall): DirectivesPort => ({
  async upsert(directive, { signal }) {
    const { YKien } = await call('GhiYKien', { YKien: toYKien(directive) }, signal, checkOne);
    return fromYKien(YKien);
  },
  async list(request, { signal }) {
    const { YKien, ConNua } = await call('DanhSachYKien', pageInput(request), signal, checkMany);
    return toChanges(YKien, ConNua, fromYKien);
  },
  async setProgress({ id, progress }, { signal }) {
    const input = {
      MaLienThong: id,
      TrangThai: states.to(progress.state),
      TienDo: progress.percent,
      GhiChu: progress.note,
    };
    return fromYKien((await call('CapNhatTienDo', input, signal, checkOne)).YKien);
  },
});
