import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import exceljs from 'exceljs';
import type { IssuedDocument } from '#schemas/signing-rates.ts';
import { type RatesHub, startRates } from './start-rates.ts';

interface Row {
  level: 'province' | 'district';
  unit: string;
  signed_percent: string;
}
const rows: Row[] = parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'data', 'signing-rates-2018.csv')),
  { columns: true },
);

/**
 * Counts that give a share: at least 100 documents, and where the third decimal is 5 or more if that can be, so that
 * cutting instead of rounding would be seen.
 */
const countsFor = (percent: string): { issued: number; signed: number } => {
  const hundredths = Math.round(Number(percent) * 100);
  for (let issued = 100; issued < 2000; issued += 1) {
    const signed = Math.floor((hundredths * issued) / 10_000);
    const exact = (signed / issued) * 10_000;
    if (exact < hundredths && exact >= hundredths - 0.49) return { issued, signed };
    if (exact === hundredths) return { issued, signed };
  }
  throw new Error(`no counts give ${percent}`);
};

describe('The report of 2018', () => {
  let rates: RatesHub;
  const expected = new Map<string, { row: Row; issued: number; signed: number }>();

  before(async () => {
    rates = await startRates();
    const resolved = await rates.hub.call('units.resolve', { texts: rows.map(({ unit }) => unit) });
    const units = new Map((await rates.hub.call('units.list', {})).map(unit => [unit.id, unit]));
    const documents: IssuedDocument[] = [];
    for (const [at, row] of rows.entries()) {
      const unitId = resolved[at]!.unitId!;
      const counts = countsFor(row.signed_percent);
      expected.set(unitId, { row, ...counts });
      for (let nr = 0; nr < counts.issued; nr += 1)
        documents.push({
          documentId: `${unitId}/${nr}`,
          unit: units.get(unitId)!.code,
          issuedOn: `2018-0${1 + (nr % 7)}-15`,
          signed: nr < counts.signed,
        });
    }
    for (let at = 0; at < documents.length; at += 1000)
      assert.equal((await rates.report(documents.slice(at, at + 1000))).status, 204);
  });
  after(() => rates.stop());

  it('comes out to the digit, every row of it, from documents as they were reported', async () => {
    assert.equal(rows.length, 27);
    const { items, total } = await rates.read('?from=2018-01-01&until=2018-07-31');
    assert.equal(items.length, 27);
    for (const { unitId, level, period, sinceBeginning } of items) {
      const { row, issued, signed } = expected.get(unitId)!;
      assert.deepEqual(period, { issued, signed, percent: row.signed_percent }, row.unit);
      assert.deepEqual(sinceBeginning, period);
      assert.equal(level, row.level === 'province' ? 'agency' : 'district');
    }
    const all = [...expected.values()].reduce((sum, { issued }) => sum + issued, 0);
    assert.equal(total.period.issued, all);
  });

  it('is a workbook too, with the same digits', async () => {
    const answer = await rates.get('/api/v1/signing/rates.xlsx?from=2018-01-01&until=2018-07-31');
    assert.match(answer.headers.get('content-disposition')!, /ti-le-ky-so-2018-01-01-2018-07-31\.xlsx/);
    const book = new exceljs.Workbook();
    await book.xlsx.load(await answer.arrayBuffer());
    const sheet = book.worksheets[0]!;
    const shares = new Map<string, string>();
    sheet.eachRow(row => {
      const cell = row.getCell(5);
      if (typeof cell.value === 'number') {
        assert.equal(cell.numFmt, '0.00" %"');
        shares.set(row.getCell(2).text, cell.value.toFixed(2));
      }
    });
    for (const { row } of expected.values())
      assert.equal(shares.get(row.unit.replace('Thuỷ', 'Thủy')), row.signed_percent, row.unit);
    assert.equal(sheet.getCell('A2').text, 'Từ ngày 01/01/2018 đến hết ngày 31/07/2018');
    const english = await rates.get(
      '/api/v1/signing/rates.xlsx?from=2018-01-01&until=2018-07-31',
      'vb',
      'en',
    );
    const other = new exceljs.Workbook();
    await other.xlsx.load(await english.arrayBuffer());
    assert.equal(other.worksheets[0]!.getCell('B4').text, 'Unit');
  });

  it('can be drawn: a bar for every unit, a line by month', async () => {
    const { chart, items } = await rates.read('?from=2018-02-01&until=2018-07-31');
    assert.deepEqual(
      chart.months.labels,
      [2, 3, 4, 5, 6, 7].map(month => `2018-0${month}`),
    );
    assert.equal(chart.months.period.length, 6);
    assert.deepEqual(
      chart.units.labels,
      items.map(({ name }) => name),
    );
    assert.deepEqual(
      chart.units.sinceBeginning,
      items.map(one => Number(one.sinceBeginning.percent)),
    );
  });
});
