import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import { isoTime } from '#hub/platform/iso-time-store.ts';
import type { FlowContents, FlowVersion } from '#schemas/flow.ts';

/** What a deploy brings, in normal form. */
export interface NewVersion {
  base: number | undefined;
  contents: FlowContents;
  credentials: Record<string, unknown>;
  author: string;
  authorName: string;
  message: string;
}

type Row = Omit<FlowVersion, 'base'> & { base: number | null };
const toVersion = ({ base, ...version }: Row): FlowVersion =>
  base === null ? version : { ...version, base };

const columns = sql`number, base, author, author_name as "authorName", message, ${isoTime('at')} as at,
  array(select stage from flow_stage where version = flow_version.number order by stage) as stages`;

/** Keeps a version; the same of the same author, made from the same base, is kept once. Answers its number. */
export const insertVersion = async (tx: Tx, given: NewVersion): Promise<number> => {
  const contents = JSON.stringify(given.contents);
  const credentials = JSON.stringify(given.credentials);
  const { rows } = await sql<{ number: number }>`
    with same as (
      select number from flow_version
      where base is not distinct from ${given.base ?? null}::int and author = ${given.author}
        and contents::text = ${contents} and credentials::text = ${credentials}
      order by number desc limit 1
    ), made as (
      insert into flow_version (base, contents, credentials, author, author_name, message)
      select ${given.base ?? null}::int, ${contents}::json, ${credentials}::json, ${given.author},
             ${given.authorName}, ${given.message}
      where not exists (select from same)
      returning number
    ) select number from made union all select number from same`.execute(tx);
  return rows[0]!.number;
};

export const findVersion = async (db: Database | Tx, number: number): Promise<FlowVersion | undefined> => {
  const { rows } = await sql<Row>`
    select ${columns} from flow_version where number = ${number}`.execute(db);
  return rows[0] && toVersion(rows[0]);
};

/** Newest first. */
export const listVersions = async (
  db: Database,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<FlowVersion[]> => {
  const { rows } = await sql<Row>`
    select ${columns} from flow_version where number < ${before ?? null}::int or ${before ?? null}::int is null
    order by number desc limit ${limit}`.execute(db);
  return rows.map(toVersion);
};

/** Numbers of all versions, oldest first: a base comes before what was made from it. */
export const listNumbers = async (db: Database): Promise<number[]> => {
  const { rows } = await sql<{ number: number }>`select number from flow_version order by number`.execute(db);
  return rows.map(({ number }) => number);
};

export const findContents = async (
  db: Database | Tx,
  number: number,
): Promise<{ contents: FlowContents; credentials: Record<string, unknown> } | undefined> => {
  const { rows } = await sql<{ contents: FlowContents; credentials: Record<string, unknown> }>`
    select contents, credentials from flow_version where number = ${number}`.execute(db);
  return rows[0];
};
