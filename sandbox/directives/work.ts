import type { DocumentFiles } from '#sandbox/kit/document-files.ts';
import { textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import type { SoapService, XmlValue } from '#sandbox/kit/soap-service.ts';
import { dayNumber, dayNumberOf, isVietnameseDay } from '#sandbox/kit/vietnamese-day.ts';
import { openWorkTables } from '#sandbox/kit/work-tables.ts';
import { createKienNghi, type KienNghiRow } from './kien-nghi.ts';
import type { Fault } from './work-rows.ts';
import { createYKien, type YKienRow } from './y-kien.ts';

/**
 * The second service of the directive software, beside that of its users: directives (ý kiến chỉ đạo), citizens'
 * matters (kiến nghị) and figures. Rows at `GET /_state/y-kien` and `/_state/kien-nghi`.
 */
export const createWork = (given: {
  journalFile?: string | undefined;
  files: DocumentFiles;
  authenticate: SoapService['authenticate'];
  fault: Fault;
}) => {
  const { files, fault, authenticate } = given;
  const tables = openWorkTables(given.journalFile);
  const directives = createYKien(tables, fault);
  const cases = createKienNghi(tables, fault);

  const countWithin = (from: number, until: number): XmlValue => {
    const within = (day: number): boolean => day >= from && day <= until;
    const all = directives.rows.table.after(0, Number.MAX_SAFE_INTEGER).found;
    const isLate = ({ HanXuLy, TrangThai }: YKienRow): boolean =>
      HanXuLy !== '' &&
      !['HoanThanh', 'Huy'].includes(TrangThai) &&
      within(dayNumber(HanXuLy)) &&
      dayNumber(HanXuLy) < dayNumberOf(new Date().toISOString());
    const signed = (files.state() as { issuedOn: string }[]).filter(one => within(dayNumber(one.issuedOn)));
    const matters = cases.rows.table.all();
    return {
      VanBanKy: signed.length,
      YKienGiao: all.filter(({ madeAt }) => within(dayNumberOf(madeAt))).length,
      YKienXong: all.filter(({ row, at }) => row.TrangThai === 'HoanThanh' && within(dayNumberOf(at))).length,
      YKienQuaHan: all.filter(({ row }) => isLate(row)).length,
      KienNghiNhan: matters.filter(({ NgayNhan }) => within(dayNumber(NgayNhan))).length,
      KienNghiTraLoi: matters.filter(({ TraLoi }) => TraLoi !== null && within(dayNumber(TraLoi.Ngay)))
        .length,
    };
  };
  const count = (input: XmlNode): XmlValue => {
    const [from, until] = [textOf(input, 'TuNgay'), textOf(input, 'DenNgay')];
    if (!isVietnameseDay(from) || !isVietnameseDay(until)) throw fault('DU_LIEU_SAI', 'Ngày không hợp lệ');
    return {
      TrongKy: countWithin(dayNumber(from), dayNumber(until)),
      LuyKe: countWithin(1, dayNumber(until)),
    };
  };
  const service: SoapService = {
    path: '/ykcd/ws/chidao.asmx',
    namespace: 'http://ykcd.example.gov.vn/ws/chidao',
    prefix: '',
    envelopePrefix: 'soap',
    authenticate,
    operations: { ...directives.operations, ...cases.operations, ThongKe: count },
  };
  return {
    service,
    state: tables.state,
    /** `{"action":"by-hand","kind":"y-kien","row":{…}}`: what people write there; with `id` they change it. */
    act(action: Record<string, unknown>): object | undefined {
      if (action.action !== 'by-hand') return undefined;
      return action.kind === 'y-kien'
        ? directives.rows.byHand(action.row as Partial<YKienRow>)
        : cases.rows.byHand(action.row as Partial<KienNghiRow>);
    },
  };
};
