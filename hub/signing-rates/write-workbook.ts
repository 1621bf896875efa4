import exceljs from 'exceljs';
import { type Language, say } from '#hub/platform/messages.ts';
import type { SignedShare, SigningRates, UnitRates } from '#schemas/signing-rates.ts';

/** `2018-07-31` as people write it. */
const dayOf = (day: string): string => day.split('-').toReversed().join('/');
/** As the province prints it: 97.10 %. */
const percentFormat = '0.00" %"';

const cellsOf = ({ issued, signed, percent }: SignedShare) => [
  issued,
  signed,
  percent === null ? null : Number(percent),
];

/** The table of the report of 2018, with the numbers behind each share: agencies of the province first, then level by level. */
export const writeWorkbook = async (rates: SigningRates, language: Language): Promise<Buffer> => {
  const word = (key: string, params: Record<string, string> = {}) =>
    say(language, `signing-rates.${key}`, params);
  const book = new exceljs.Workbook();
  const sheet = book.addWorksheet(word('sheet'), { views: [{ state: 'frozen', ySplit: 4 }] });
  sheet.columns = [
    { width: 6 },
    { width: 48 },
    { width: 12 },
    { width: 12 },
    { width: 12, style: { numFmt: percentFormat } },
    { width: 12 },
    { width: 12 },
    { width: 12, style: { numFmt: percentFormat } },
  ];
  const addBold = (cells: (string | number | null)[]) => {
    const row = sheet.addRow(cells);
    row.font = { bold: true };
    return row;
  };
  addBold([word('title')]);
  sheet.addRow([word('period', { from: dayOf(rates.from), until: dayOf(rates.until) })]);
  addBold([null, null, word('in-period'), null, null, word('since-beginning')]);
  const figures = [word('issued'), word('signed'), word('share')];
  addBold([word('number'), word('unit'), ...figures, ...figures]);
  sheet.mergeCells('A1:H1');
  sheet.mergeCells('A2:H2');
  sheet.mergeCells('C3:E3');
  sheet.mergeCells('F3:H3');
  for (const [level, items] of Map.groupBy(rates.items, (item: UnitRates) => item.level)) {
    addBold([null, word(`level-${level}`)]);
    for (const [at, { name, period, sinceBeginning }] of items.entries())
      sheet.addRow([at + 1, name, ...cellsOf(period), ...cellsOf(sinceBeginning)]);
  }
  addBold([null, word('total'), ...cellsOf(rates.total.period), ...cellsOf(rates.total.sinceBeginning)]);
  return Buffer.from(await book.xlsx.writeBuffer());
};
