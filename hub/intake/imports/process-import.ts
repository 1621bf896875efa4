import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type DecodedRow, decodeRows } from '#hub/intake/imports/decode-rows.ts';
import { findRepeats } from '#hub/intake/imports/find-repeats.ts';
import { overlayMapping } from '#hub/intake/imports/heading-mapping.ts';
import { makeImportFolder } from '#hub/intake/imports/import-folder.ts';
import {
  type ImportJob,
  type ReportedRow,
  readChunk,
  readMapping,
  saveHeader,
  saveRows,
} from '#hub/intake/imports/import-store.ts';
import { type RowRecord, rowToRecord } from '#hub/intake/imports/row-to-record.ts';
import { showCell } from '#hub/intake/imports/show-cell.ts';
import { findHeader } from '#hub/intake/spreadsheet/find-header.ts';
import type { Field } from '#hub/intake/spreadsheet/heading-fields.ts';
import { openTable } from '#hub/intake/spreadsheet/open-table.ts';
import { selectDataRows } from '#hub/intake/spreadsheet/select-data-rows.ts';
import type { CellValue } from '#hub/intake/spreadsheet/sheet-row.ts';
import { SpreadsheetError } from '#hub/intake/spreadsheet/spreadsheet-error.ts';
import { takeRecords } from '#hub/intake/take-records.ts';
import { say } from '#hub/platform/messages.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { today } from '#hub/platform/vietnamese/today.ts';
import type { Remark, RowReport } from '#schemas/intake.ts';

type Deps = Pick<PartContext, 'db' | 'call' | 'secrets'>;
/** Many times what a batch takes; the import of a node that died waits no longer than this. */
export const leaseSeconds = 20;
const batchSize = 500;
const headRows = 30;

interface Read {
  row: number;
  cells: CellValue[];
  result: RowRecord;
}

async function* chunksOf(db: Deps['db'], id: string): AsyncGenerator<Buffer> {
  for (let seq = 0; ; seq++) {
    const bytes = await readChunk(db, id, seq);
    if (bytes === undefined) return;
    yield bytes;
  }
}

/** Splits the first rows off without losing them. */
const peek = async <T>(
  rows: AsyncGenerator<T>,
  count: number,
): Promise<{ head: T[]; all: AsyncGenerator<T> }> => {
  const head: T[] = [];
  while (head.length < count) {
    const next = await rows.next();
    if (next.done) break;
    head.push(next.value);
  }
  const all = (async function* () {
    yield* head;
    yield* rows;
  })();
  return { head, all };
};

const textOf = (cell: CellValue | undefined): string =>
  cell === null || cell === undefined
    ? ''
    : cell instanceof Date
      ? cell.toISOString().slice(0, 10)
      : String(cell);

/** What was converted from an old encoding, in columns that mean something. */
const remarkDecoded = (row: DecodedRow, fieldOf: Map<number, Field>): Remark[] =>
  [...row.decoded].flatMap(([column, { encoding, before }]) => {
    const field = fieldOf.get(column);
    if (field === undefined || field === 'ordinal' || field === 'ignored') return [];
    return [
      {
        flag: `decoded-${encoding}`,
        field,
        params: { before: showCell(before), after: showCell(row.cells[column]) },
      },
    ];
  });

/** The lost lease ends the work quietly: another node has it. */
export class LostLease extends Error {}

/**
 * Reads the file row by row, takes the rows in batches and reports each. What was reported before (a hub that
 * was killed) is not taken again; a batch that was applied but not yet reported answers by its origins.
 */
export const processImport = async (
  deps: Deps,
  job: ImportJob,
  isStopping: () => boolean,
): Promise<'done' | 'stopped'> => {
  const { db, call, secrets } = deps;
  const folder = await makeImportFolder();
  try {
    const path = join(folder, 'file');
    await pipeline(Readable.from(chunksOf(db, job.id)), createWriteStream(path, { mode: 0o600 }));
    const table = await openTable(path, job.fileName, job.sheet === null ? {} : { sheet: job.sheet });
    const { head, all } = await peek(decodeRows(table.rows), headRows);
    const saved = await readMapping(db, job.source);
    const header = findHeader(head, overlayMapping(saved, job.mapping ?? {}));
    if (header.missing.length > 0)
      throw new SpreadsheetError('no-heading', {
        missing: header.missing
          .map(field =>
            say('vi', field === 'citizenNumber' ? 'spreadsheet.telling-columns' : `fields.${field}`),
          )
          .join('; '),
      });
    const last = head.find(row => row.number === header.headerRows.at(-1));
    const titles = (last?.cells ?? []).map(textOf);
    await saveHeader(
      db,
      job.id,
      titles,
      Object.fromEntries([...header.columns].map(([field, index]) => [field, titles[index] ?? ''])),
      header.unknownColumns.map(({ heading }) => heading),
    );
    const { width: codeWidth } = await call('staff.code-width', {});
    const day = today();
    const repeats = findRepeats();
    const fieldOf = new Map([...header.columns].map(([field, column]) => [column, field]));
    const remarksOf = new Map<number, Remark[]>();
    async function* noteDecoded(): AsyncGenerator<DecodedRow> {
      for await (const row of all) {
        const remarks = remarkDecoded(row, fieldOf);
        if (remarks.length > 0) remarksOf.set(row.number, remarks);
        yield row;
      }
    }

    let batch: Read[] = [];
    const flush = async (): Promise<void> => {
      const rows = batch;
      batch = [];
      if (rows.length === 0) return;
      const good = rows.flatMap(({ row, result }) =>
        'record' in result ? [{ origin: `import/${job.id}/${row}`, record: result.record, row }] : [],
      );
      const reports = await takeRecords(deps, {
        records: good.map(({ origin, record }) => ({ origin, record })),
        source: job.source,
        actor: job.actor,
        dryRun: job.dryRun,
      });
      const taken = new Map(good.map(({ row }, at) => [row, reports[at]!]));
      const reported = rows.map(({ row, cells, result }): ReportedRow => {
        const report = taken.get(row);
        const decoded = remarksOf.get(row) ?? [];
        remarksOf.delete(row);
        const flags = [...decoded.map(({ flag }) => flag), ...result.flags, ...(report?.flags ?? [])];
        const remarks = [...decoded, ...result.remarks, ...(report?.remarks ?? [])];
        const whole: RowReport = {
          origin: `import/${job.id}/${row}`,
          outcome: 'refused',
          ...report,
          row,
          ...(result.name === undefined ? {} : { name: result.name }),
          ...(flags.length === 0 ? {} : { flags: [...new Set(flags)] }),
          ...(remarks.length === 0 ? {} : { remarks }),
          ...('errors' in result ? { errors: result.errors } : {}),
        };
        const keep = whole.outcome === 'refused' || whole.outcome === 'to-decide';
        return {
          row,
          report: whole,
          cells: keep ? secrets.seal('import-row', JSON.stringify(cells)) : undefined,
        };
      });
      if (!(await saveRows(db, job, reported, leaseSeconds))) throw new LostLease();
    };

    for await (const row of selectDataRows(noteDecoded(), header)) {
      const result = repeats.check(
        row.number,
        rowToRecord(row.cells, { columns: header.columns, sections: row.sections, today: day, codeWidth }),
      );
      if (row.number <= job.rowsDone) continue;
      batch.push({ row: row.number, cells: row.cells, result });
      if (batch.length < batchSize) continue;
      if (isStopping()) return 'stopped';
      await flush();
    }
    await flush();
    return 'done';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
