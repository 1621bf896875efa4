import { PassThrough } from 'node:stream';
import { Type } from 'typebox';
import { demandSource, Source } from '#hub/intake/demand-source.ts';
import { HeadingMapping } from '#hub/intake/imports/heading-mapping.ts';
import {
  findImport,
  listImportRows,
  readHeader,
  readMapping,
  readRows,
  saveMapping,
} from '#hub/intake/imports/import-store.ts';
import { maxFormBytes, receiveImport } from '#hub/intake/imports/receive-import.ts';
import { withWords } from '#hub/intake/report-words.ts';
import type { CellValue } from '#hub/intake/spreadsheet/sheet-row.ts';
import { countOurColumns, writeRefusedWorkbook } from '#hub/intake/spreadsheet/write-refused.ts';
import { AppError } from '#hub/platform/errors.ts';
import { actorOf } from '#hub/platform/http/actor-of.ts';
import { Reply, type Route } from '#hub/platform/http/route.ts';
import type { PartContext } from '#hub/platform/part.ts';
import { ImportReport, RowReport } from '#schemas/intake.ts';

const tag = 'hr';
const usualSource = 'spreadsheet';
const Id = Type.Object({ id: Type.String() });
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const demand = async (db: PartContext['db'], id: string): Promise<ImportReport> => {
  const found = await findImport(db, id);
  if (found === undefined) throw new AppError('unknown-import');
  return found;
};

/** `/api/v1/hr/imports`: spreadsheets, their reports, and the refused rows back as a workbook. */
export const importRoutes = ({ db, wake, secrets }: PartContext): Route[] => {
  async function* refusedRows(id: string, ourColumns: number) {
    for (let after = 0; ; ) {
      const rows = await readRows(db, { id, after, outcome: 'refused,to-decide', limit: 500 });
      for (const { row, report, cells } of rows)
        yield {
          row,
          reason: (withWords(report, 'vi').errors ?? []).map(({ detail }) => detail).join(' '),
          cells:
            cells === null
              ? []
              : (JSON.parse(secrets.open('import-row', cells)) as CellValue[]).slice(ourColumns),
        };
      if (rows.length < 500) return;
      after = rows.at(-1)!.row;
    }
  }
  return [
    {
      method: 'POST',
      path: '/api/v1/hr/imports',
      scope: 'hr.write',
      tag,
      summary: 'Send a spreadsheet (xlsx or csv); it is processed in the background',
      description:
        'multipart/form-data with one file of at most 50 MB. `dryRun=true` reports and changes nothing. An optional field ' +
        '`mapping` (JSON, heading → field) says what headings of this one file mean, over the mapping saved for the source. ' +
        'The source of an app’s client is its app (`source` absent) or a name below it (`<app>/…`); of a client of no app ' +
        '`spreadsheet`, with the scope `admin` any.',
      raw: true,
      maxBytes: maxFormBytes,
      contentTypes: ['multipart/form-data'],
      status: 202,
      query: Type.Object({
        dryRun: Type.Optional(Type.String({ enum: ['true', 'false'] })),
        source: Type.Optional(Source),
        sheet: Type.Optional(Type.String({ maxLength: 31 })),
      }),
      answer: ImportReport,
      handle: async ({ stream, headers, query, caller, language }) => {
        const id = await receiveImport(
          { db, wake },
          {
            stream,
            contentType: String(headers['content-type'] ?? ''),
            source: demandSource(caller, query.source, usualSource),
            actor: actorOf(caller),
            dryRun: query.dryRun === 'true',
            sheet: query.sheet,
            language,
          },
        );
        return new Reply(202, await demand(db, id), { location: `/api/v1/hr/imports/${id}` });
      },
    },
    {
      method: 'GET',
      path: '/api/v1/hr/imports',
      scope: 'hr.write',
      tag,
      summary: 'Imports, newest first',
      answer: Type.Object({ items: Type.Array(ImportReport) }),
      handle: async () => ({ items: await listImportRows(db, 100) }),
    },
    {
      method: 'GET',
      path: '/api/v1/hr/imports/{id}',
      scope: 'hr.write',
      tag,
      summary: 'How far an import is, with its counts',
      params: Id,
      answer: ImportReport,
      handle: ({ params }) => demand(db, params.id!),
    },
    {
      method: 'GET',
      path: '/api/v1/hr/imports/{id}/rows',
      scope: 'hr.write',
      tag,
      summary: 'What became of every row',
      description:
        '`outcome` takes several, separated by commas; `flagged=true` gives only rows with warnings.',
      params: Id,
      query: Type.Object({
        after: Type.Optional(Type.Integer({ minimum: 0 })),
        outcome: Type.Optional(Type.String()),
        flagged: Type.Optional(Type.String({ enum: ['true', 'false'] })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      }),
      answer: Type.Object({ items: Type.Array(RowReport), next: Type.Optional(Type.Integer()) }),
      handle: async ({ params, query, language }) => {
        await demand(db, params.id!);
        const limit = Number(query.limit ?? 100);
        const rows = await readRows(db, {
          id: params.id!,
          after: Number(query.after ?? 0),
          outcome: query.outcome,
          flagged: query.flagged === 'true',
          limit,
        });
        return {
          items: rows.map(({ report }) => withWords(report, language)),
          ...(rows.length === limit ? { next: rows.at(-1)!.row } : {}),
        };
      },
    },
    {
      method: 'GET',
      path: '/api/v1/hr/imports/{id}/errors.xlsx',
      scope: 'hr.write',
      tag,
      summary: 'The refused rows as a workbook with the reasons, to be corrected and sent again',
      params: Id,
      handle: async ({ params }) => {
        const found = await demand(db, params.id!);
        if (found.state !== 'done' && found.state !== 'failed') throw new AppError('import-not-ready');
        const out = new PassThrough();
        const header = await readHeader(db, found.id);
        // Those of an earlier round would stand beside the new ones.
        const ourColumns = countOurColumns(header);
        writeRefusedWorkbook(refusedRows(found.id, ourColumns), header.slice(ourColumns), out).catch(error =>
          out.destroy(error),
        );
        return new Reply(200, out, {
          'content-type': xlsx,
          'content-disposition': `attachment; filename="dong-bi-tu-choi-${found.id.slice(0, 8)}.xlsx"`,
        });
      },
    },
    {
      method: 'GET',
      path: '/api/v1/hr/mappings/{source}',
      scope: 'hr.write',
      tag,
      summary: 'The saved meaning of a source’s headings',
      params: Type.Object({ source: Type.String() }),
      handle: ({ params }) => readMapping(db, params.source!),
    },
    {
      method: 'PUT',
      path: '/api/v1/hr/mappings/{source}',
      scope: 'hr.write',
      tag,
      summary: 'Save what a source’s headings mean: heading → field',
      params: Type.Object({ source: Source }),
      body: HeadingMapping,
      handle: async ({ params, body, caller }) => {
        const source = demandSource(caller, params.source, usualSource);
        await saveMapping(db, source, body as HeadingMapping, actorOf(caller));
        return readMapping(db, source);
      },
    },
  ];
};
