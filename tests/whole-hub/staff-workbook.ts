import exceljs from 'exceljs';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { ImportReport, RowReport } from '#schemas/intake.ts';
import type { Client } from './call-hub.ts';

const headings = ['Họ và tên', 'Ngày sinh', 'Giới tính', 'Số CCCD', 'Mã CBCCVC', 'Đơn vị', 'Chức vụ'];
const names = ['Nguyễn Văn Bảo', 'Trần Thị Cúc', 'Lê Đức Dũng', 'Hồ Thị Én', 'Phan Văn Giàu'];

/** One row: what it holds and what must become of it. */
export interface MadeRow {
  cells: string[];
  outcome: 'created' | 'refused';
  code: string;
}

/**
 * Rows of people whom nobody knows yet, one of `every` sound; the others have what clerks mistype. `first` sets
 * apart the people of several files.
 */
export const makeRows = (count: number, { every, first }: { every: number; first: number }): MadeRow[] =>
  Array.from({ length: count }, (_, nr) => {
    const number = String(first + nr);
    const code = number.padStart(8, '0');
    const sound = nr % every === 0;
    const birth = sound || nr % 2 === 0 ? '02/03/1975' : '31/02/1975';
    const unit = sound || nr % 2 === 1 ? 'Huyện A Lưới' : 'Sở Không Có';
    const cells = [names[nr % names.length]!, birth, 'Nam', `046075${number.padStart(6, '0')}`];
    return { cells: [...cells, code, unit, 'Chuyên viên'], outcome: sound ? 'created' : 'refused', code };
  });

/** An xlsx file with one sheet: the headings, then the rows from row 2 on. */
export const makeWorkbook = async (rows: readonly (readonly unknown[])[]): Promise<Blob> => {
  const book = new exceljs.Workbook();
  const sheet = book.addWorksheet('Danh sách');
  sheet.addRow(headings);
  for (const row of rows) sheet.addRow([...row]);
  return new Blob([await book.xlsx.writeBuffer()]);
};

/** Sends a file as a clerk does. */
export const sendImport = async (hub: Client, file: Blob, name = 'danh-sach.xlsx'): Promise<ImportReport> => {
  const body = new FormData();
  body.append('file', file, name);
  const answer = await hub.ask('/api/v1/hr/imports', { method: 'POST', body });
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as ImportReport;
};

/** Waits until the import has ended, or `reached` says that it is far enough. */
export const waitForImport = (
  hub: Client,
  id: string,
  reached: (report: ImportReport) => boolean = ({ state }) => state === 'done' || state === 'failed',
  withinMs = 60_000,
): Promise<ImportReport> =>
  waitUntil(
    'the import',
    async () => {
      const report = await hub.get<ImportReport>(`/api/v1/hr/imports/${id}`);
      return reached(report) && report;
    },
    { withinMs },
  );

/** What became of every row, in the order of the sheet. */
export const readReports = async (hub: Client, id: string): Promise<RowReport[]> => {
  const reports: RowReport[] = [];
  for (let after: number | undefined = 0; after !== undefined; ) {
    const page: { items: RowReport[]; next?: number } = await hub.get(
      `/api/v1/hr/imports/${id}/rows?limit=1000&after=${after}`,
    );
    reports.push(...page.items);
    after = page.next;
  }
  return reports;
};
