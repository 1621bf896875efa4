import { textOf, type XmlNode } from '#sandbox/kit/read-envelope.ts';
import type { ServiceFault, XmlValue } from '#sandbox/kit/soap-service.ts';
import type { WorkTable } from '#sandbox/kit/work-tables.ts';

/** Faults in this vendor's manner: a code and a sentence. */
export type Fault = (code: string, text: string) => ServiceFault;

/** What every row of the service has; empty texts are absent. */
export interface BaseRow {
  id: string;
  MaLienThong: string;
}

/** Rows written by `MaLienThong`, else by `Id`, else anew, and listed by running number of change. */
export const createWorkRows = <T extends BaseRow>(given: {
  table: WorkTable<T>;
  blank: Omit<T, 'id'>;
  /** Elements of text that a request may write. */
  texts: readonly (keyof T & string)[];
  show(row: T): Record<string, XmlValue>;
  isSound(row: T): boolean;
  fault: Fault;
}) => {
  const { table, blank, texts, show, isSound, fault } = given;
  const shown = (row: T): Record<string, XmlValue> => {
    const { id, ...fields } = { ...row, ...show(row) } as Record<string, XmlValue>;
    const filled = Object.entries(fields).filter(([, value]) => value !== '' && value !== null);
    return { Id: id, ...Object.fromEntries(filled) };
  };
  const save = (row: T): Record<string, XmlValue> => {
    if (!isSound(row)) throw fault('DU_LIEU_SAI', 'Dữ liệu không hợp lệ');
    return shown(table.save(row));
  };
  const byCode = (code: string): T | undefined =>
    code === '' ? undefined : table.find(row => row.MaLienThong === code);
  return {
    table,
    save,
    demand(input: XmlNode): T {
      const row = byCode(textOf(input, 'MaLienThong') ?? '');
      if (row === undefined) throw fault('KHONG_CO', 'Không có mã liên thông này');
      return row;
    },
    write(element: XmlNode | undefined, more: (element: XmlNode | undefined) => Partial<T> = () => ({})) {
      const code = textOf(element, 'MaLienThong') ?? '';
      if (code === '') throw fault('DU_LIEU_SAI', 'Thiếu mã liên thông');
      const byId = table.get(textOf(element, 'Id') ?? '');
      if (byCode(code) === undefined && byId !== undefined && byId.MaLienThong !== '')
        throw fault('TRUNG_MA_LIEN_THONG', 'Đã có mã liên thông khác');
      const before = byCode(code) ?? byId ?? ({ id: table.freeId(''), ...blank } as unknown as T);
      const written = texts.flatMap(name => {
        const value = textOf(element, name);
        return value === undefined ? [] : [[name, value]];
      });
      return save({ ...before, ...Object.fromEntries(written), ...more(element) } as T);
    },
    list(input: XmlNode): { rows: Record<string, XmlValue>[]; ConNua: boolean } {
      const size = Number(textOf(input, 'SoDong'));
      const after = Number(textOf(input, 'SauSo') ?? 0);
      if (!(size >= 1 && size <= 200 && Number.isInteger(after)))
        throw fault('DU_LIEU_SAI', 'Phân trang không hợp lệ');
      const { found, more } = table.after(after, size);
      return {
        rows: found.map(({ row, change, at }) => ({ ...shown(row), SoThayDoi: change, CapNhatLuc: at })),
        ConNua: more,
      };
    },
    byHand(values: Partial<T>): T {
      const before = values.id === undefined ? undefined : table.get(values.id);
      return table.save({ id: table.freeId(''), ...blank, ...before, ...values } as unknown as T);
    },
  };
};

/** The number in an element; undefined when there is none. */
export const numberOf = (element: XmlNode | undefined, name: string): number | undefined => {
  const text = textOf(element, name);
  return text === undefined ? undefined : Number(text);
};
