import { sql } from 'kysely';
import { type Database, inTransaction } from '#hub/platform/database.ts';
import { isoTime } from '#hub/platform/iso-time-store.ts';
import type { ImportReport, RowReport } from '#schemas/intake.ts';

const columns = sql`id, file_name as "fileName", source, dry_run as "dryRun", state, ${isoTime('created_at')} as "createdAt",
  ${isoTime('finished_at')} as "finishedAt", rows_done as "rowsDone",
  (select coalesce(sum(value::int), 0)::int from jsonb_each_text(counts) where key <> 'flagged') as people, counts,
  unknown_columns as "unknownColumns",
  columns, error`;

const tidy = (row: ImportReport): ImportReport =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as ImportReport;

export const insertImport = async (
  db: Database,
  given: { fileName: string; source: string; actor: string; dryRun: boolean; sheet: string | undefined },
): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into import (file_name, source, actor, dry_run, sheet)
    values (${given.fileName}, ${given.source}, ${given.actor}, ${given.dryRun}, ${given.sheet ?? null})
    returning id`.execute(db);
  return rows[0]!.id;
};

export const insertChunk = async (db: Database, id: string, seq: number, bytes: Buffer): Promise<void> => {
  await sql`insert into import_chunk (import_id, seq, bytes) values (${id}::uuid, ${seq}, ${bytes})`.execute(
    db,
  );
};

/** The whole file is here: from now on it will be processed, whatever happens. `mapping` is for this file alone. */
export const markReceived = async (
  db: Database,
  id: string,
  mapping: Record<string, string> | undefined,
): Promise<void> => {
  await sql`update import set state = 'waiting',
    mapping = ${mapping === undefined ? null : JSON.stringify(mapping)}::jsonb where id = ${id}::uuid`.execute(
    db,
  );
};

export const dropImport = async (db: Database, id: string): Promise<void> => {
  await sql`delete from import where id = ${id}::uuid`.execute(db);
};

export const findImport = async (db: Database, id: string): Promise<ImportReport | undefined> => {
  const { rows } = await sql<ImportReport>`select ${columns} from import where id::text = ${id}`.execute(db);
  return rows[0] && tidy(rows[0]);
};

export const listImportRows = async (db: Database, limit: number): Promise<ImportReport[]> => {
  const { rows } = await sql<ImportReport>`
    select ${columns} from import order by created_at desc limit ${limit}`.execute(db);
  return rows.map(tidy);
};

export const readChunk = async (db: Database, id: string, seq: number): Promise<Buffer | undefined> => {
  const { rows } = await sql<{ bytes: Buffer }>`
    select bytes from import_chunk where import_id = ${id}::uuid and seq = ${seq}`.execute(db);
  return rows[0]?.bytes;
};

export interface ImportJob {
  id: string;
  token: string;
  fileName: string;
  source: string;
  actor: string;
  dryRun: boolean;
  sheet: string | null;
  /** What the headings of this file mean, over what was saved for the source. */
  mapping: Record<string, string> | null;
  rowsDone: number;
  attempts: number;
}

/** The oldest import that nobody works on; its lease must be renewed by every batch. */
export const leaseImport = async (db: Database, seconds: number): Promise<ImportJob | undefined> => {
  const { rows } = await sql<ImportJob>`
    update import set state = 'running', attempts = attempts + 1, lease_token = gen_random_uuid(),
      lease_until = clock_timestamp() + make_interval(secs => ${seconds})
    where id = (select id from import where state in ('waiting', 'running') and lease_until < clock_timestamp()
      order by created_at limit 1 for update skip locked)
    returning id, lease_token as token, file_name as "fileName", source, actor, dry_run as "dryRun", sheet, mapping,
      rows_done as "rowsDone", attempts`.execute(db);
  return rows[0];
};

/** Heading, columns and what was not understood. */
export const saveHeader = async (
  db: Database,
  id: string,
  header: string[],
  found: Record<string, string>,
  unknown: string[],
): Promise<void> => {
  await sql`update import set header = ${header}::text[], columns = ${JSON.stringify(found)}::jsonb,
    unknown_columns = ${unknown}::text[] where id = ${id}::uuid`.execute(db);
};

export interface ReportedRow {
  row: number;
  report: RowReport;
  cells: Buffer | undefined;
}

/** Rows, counts and progress in one transaction, only while the lease is ours. */
export const saveRows = (
  db: Database,
  job: ImportJob,
  rows: ReportedRow[],
  seconds: number,
): Promise<boolean> =>
  inTransaction(db, async tx => {
    const counts: Record<string, number> = {};
    for (const { report } of rows)
      for (const key of [report.outcome, ...(report.flags === undefined ? [] : ['flagged'])])
        counts[key] = (counts[key] ?? 0) + 1;
    const { rows: mine } = await sql`
      update import i set rows_done = ${rows.at(-1)!.row},
        lease_until = clock_timestamp() + make_interval(secs => ${seconds}), attempts = 1,
        counts = (select jsonb_object_agg(key, n) from (
          select key, sum(value::int) n from (
            select * from jsonb_each_text(i.counts) union all select * from jsonb_each_text(${JSON.stringify(counts)}::jsonb)
          ) every group by key) summed)
      where id = ${job.id}::uuid and lease_token = ${job.token}::uuid returning id`.execute(tx);
    if (mine.length === 0) return false;
    const data = rows.map(({ row, report, cells }) => ({
      row,
      outcome: report.outcome,
      report,
      cells: cells?.toString('hex') ?? null,
    }));
    await sql`insert into import_row (import_id, row, outcome, report, cells)
      select ${job.id}::uuid, row, outcome, report, decode(cells, 'hex')
      from jsonb_to_recordset(${JSON.stringify(data)}::jsonb) as r(row int, outcome text, report jsonb, cells text)
      on conflict do nothing`.execute(tx);
    return true;
  });

/** The end, good or bad; the file is not needed any more. */
export const finishImport = (
  db: Database,
  job: ImportJob,
  error: { code: string; detail: string } | undefined,
): Promise<void> =>
  inTransaction(db, async tx => {
    const { rows } = await sql`update import set state = ${error === undefined ? 'done' : 'failed'},
      error = ${error === undefined ? null : JSON.stringify(error)}::jsonb, finished_at = clock_timestamp(), lease_until = '-infinity'
      where id = ${job.id}::uuid and lease_token = ${job.token}::uuid returning id`.execute(tx);
    if (rows.length > 0) await sql`delete from import_chunk where import_id = ${job.id}::uuid`.execute(tx);
  });

export const releaseImport = async (db: Database, job: ImportJob): Promise<void> => {
  await sql`update import set lease_until = '-infinity'
    where id = ${job.id}::uuid and lease_token = ${job.token}::uuid`.execute(db);
};

/** Lets go of every import, and of files that were not received whole: those who worked on them are gone. */
export const releaseImports = async (db: Database): Promise<void> => {
  await sql`delete from import where state = 'receiving'`.execute(db);
  await sql`update import set lease_until = '-infinity' where state = 'running'`.execute(db);
};

/** Drops what was begun so many hours ago and never received whole: whoever sent it is long gone. */
export const dropUnfinished = async (db: Database, hours: number): Promise<void> => {
  await sql`delete from import where state = 'receiving'
    and created_at < clock_timestamp() - make_interval(hours => ${hours})`.execute(db);
};

export const readRows = async (
  db: Database,
  request: { id: string; after: number; outcome: string | undefined; flagged?: boolean; limit: number },
): Promise<{ row: number; report: RowReport; cells: Buffer | null }[]> => {
  const only =
    request.outcome === undefined ? sql`` : sql`and outcome = any(${request.outcome.split(',')}::text[])`;
  const flagged = request.flagged === true ? sql`and report -> 'flags' is not null` : sql``;
  const { rows } = await sql<{ row: number; report: RowReport; cells: Buffer | null }>`
    select row, report, cells from import_row
    where import_id::text = ${request.id} and row > ${request.after} ${only} ${flagged} order by row limit ${request.limit}`.execute(
    db,
  );
  return rows;
};

export const readHeader = async (db: Database, id: string): Promise<string[]> => {
  const { rows } = await sql<{
    header: string[] | null;
  }>`select header from import where id::text = ${id}`.execute(db);
  return rows[0]?.header ?? [];
};

export const readMapping = async (db: Database, source: string): Promise<Record<string, string>> => {
  const { rows } = await sql<{ mapping: Record<string, string> }>`
    select mapping from import_mapping where source = ${source}`.execute(db);
  return rows[0]?.mapping ?? {};
};

export const saveMapping = async (
  db: Database,
  source: string,
  mapping: Record<string, string>,
  actor: string,
): Promise<void> => {
  await sql`insert into import_mapping (source, mapping, updated_by) values (${source}, ${JSON.stringify(mapping)}::jsonb, ${actor})
    on conflict (source) do update set mapping = excluded.mapping, updated_by = excluded.updated_by, updated_at = now()`.execute(
    db,
  );
};
