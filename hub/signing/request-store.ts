import { sql } from 'kysely';
import { joined } from '#hub/platform/copy-bytes-store.ts';
import { asBytes, type Database, type Tx } from '#hub/platform/database.ts';
import type { SigningState } from '#schemas/signing.ts';

/** What kind of signature a file takes: PAdES, XAdES, or CAdES beside it. */
export type FileFormat = 'pdf' | 'xml' | 'other';

/** A request as it is kept. Hashes are hex. */
export interface RequestRow {
  id: string;
  batchId: string | null;
  appId: string;
  actor: string;
  documentId: string;
  title: string;
  documentType: string | null;
  fileName: string;
  format: FileFormat;
  putBack: boolean;
  state: SigningState;
  reason: Reason | null;
  version: number;
  dueAt: Date | null;
  createdAt: Date;
  original: string;
  current: string;
  parts: number;
  number: string | null;
  issuedOn: string | null;
}

/** Why something did not happen: a stable code, and what fills its words. */
export interface Reason {
  code: string;
  text?: string;
}

const columns = sql`id, batch_id as "batchId", app_id as "appId", actor, document_id as "documentId", title, document_type as "documentType",
  file_name as "fileName", format, put_back as "putBack", state, reason, version, due_at as "dueAt",
  created_at as "createdAt", encode(original, 'hex') as original, encode(current, 'hex') as current, parts,
  number, issued_on::text as "issuedOn"`;

export const findRequests = async (db: Database | Tx, ids: string[]): Promise<RequestRow[]> => {
  const { rows } = await sql<RequestRow>`
    select ${columns} from signing_request where id = any(${ids}::uuid[])`.execute(db);
  return rows;
};

/** Newest first; `before` is the last one of the page before. */
export const listRequests = async (
  db: Database,
  filter: {
    appId: string | undefined;
    state: string | undefined;
    documentId: string | undefined;
    batchId: string | undefined;
    before: { createdAt: string; id: string } | undefined;
    limit: number;
  },
): Promise<RequestRow[]> => {
  const { rows } = await sql<RequestRow>`
    select ${columns} from signing_request
    where (${filter.appId ?? null}::text is null or app_id = ${filter.appId ?? null})
      and (${filter.state ?? null}::text is null or state = ${filter.state ?? null})
      and (${filter.documentId ?? null}::text is null or document_id = ${filter.documentId ?? null})
      and (${filter.batchId ?? null}::uuid is null or batch_id = ${filter.batchId ?? null})
      and (${filter.before?.createdAt ?? null}::timestamptz is null or
        (created_at, id) < (${filter.before?.createdAt ?? null}, ${filter.before?.id ?? null}::uuid))
    order by created_at desc, id desc limit ${filter.limit}`.execute(db);
  return rows;
};

/** `count` parts of a request from the part `first` on, one after the other, in memory of their own: it may be given away. */
export const readParts = async (
  db: Database | Tx,
  id: string,
  { first, count }: { first: number; count: number },
): Promise<Buffer<ArrayBuffer>> => {
  const { rows } = await sql<{ bytes: Buffer<ArrayBuffer> }>`${asBytes} copy (
    select bytes from signing_part
    where request_id = ${sql.lit(id)} and number >= ${sql.lit(first)} and number < ${sql.lit(first + count)}
    order by number) to stdout (format binary)`.execute(db);
  return rows.length === 1 ? rows[0]!.bytes : joined(rows.map(({ bytes }) => bytes));
};

/** Adds a part to each of some requests; they must still have those that it follows. The hash of the file follows it. */
export const appendParts = async (
  tx: Tx,
  additions: { requestId: string; base: number; bytes: Buffer }[],
): Promise<void> => {
  const rows = additions.map(
    ({ requestId, base, bytes }) => sql`(${requestId}::uuid, ${base}::integer, ${bytes}::bytea)`,
  );
  const { numAffectedRows = 0n } = await sql`
    with added (request_id, base, bytes) as (values ${sql.join(rows)}),
    moved as (
      update signing_request r set parts = parts + 1, changed_at = clock_timestamp(),
        -- XML is written anew around what was signed; beside any other file stands its signature.
        current = case format
          when 'pdf' then sha256((select string_agg(p.bytes, '' order by p.number) from signing_part p
            where p.request_id = r.id) || added.bytes)
          when 'xml' then sha256(added.bytes)
          else current end
      from added where r.id = added.request_id and r.parts = added.base returning r.id)
    insert into signing_part (request_id, number, bytes)
    select request_id, base, bytes from added join moved on moved.id = added.request_id`.execute(tx);
  if (Number(numAffectedRows) !== additions.length)
    throw new Error('the file of a request has other parts than those that its signature follows');
};

/** States that background work carries on; nobody is told of them. */
const inBackground: readonly SigningState[] = ['embedded', 'verified'];

/**
 * Moves requests on, each from one of the states named; answers those moved. Into a state that is told, their version is
 * that of the event: the versions of a request's events have no gap.
 */
export const moveRequests = async (
  tx: Tx,
  ids: string[],
  from: readonly SigningState[],
  to: { state: SigningState; reason?: Reason | undefined },
): Promise<RequestRow[]> => {
  const goesOn = inBackground.includes(to.state);
  const { rows } = await sql<RequestRow>`
    update signing_request set state = ${to.state}, reason = ${to.reason ? JSON.stringify(to.reason) : null}::jsonb,
      version = version + ${goesOn ? 0 : 1}, changed_at = clock_timestamp(), lease_until = null,
      attempts = 0, next_at = case when ${goesOn} then clock_timestamp() end
    where id = any(${ids}::uuid[]) and state = any(${from}::text[]) returning ${columns}`.execute(tx);
  return rows;
};

/** The next version of each request's events, where the state stays. */
export const countEvents = async (tx: Tx, ids: string[]): Promise<RequestRow[]> => {
  const { rows } = await sql<RequestRow>`
    update signing_request set version = version + 1, changed_at = clock_timestamp()
    where id = any(${ids}::uuid[]) returning ${columns}`.execute(tx);
  return rows;
};

/** What the clerk gives: số và ký hiệu, ngày ban hành. */
export const setNumbers = async (
  tx: Tx,
  given: { requestId: string; number: string; date: string }[],
): Promise<void> => {
  await sql`update signing_request r set number = g.number, issued_on = g.date
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g ("requestId" uuid, number text, date date)
    where r.id = g."requestId"`.execute(tx);
};

/** Takes requests in a state that background work carries on; `seconds`: longer than all of them may take. */
export const leaseRequests = async (
  db: Database,
  state: 'embedded' | 'verified',
  { limit, seconds }: { limit: number; seconds: number },
): Promise<(RequestRow & { attempts: number })[]> => {
  const { rows } = await sql<RequestRow & { attempts: number }>`
    update signing_request set lease_until = clock_timestamp() + ${seconds} * interval '1 second', attempts = attempts + 1
    where id in (
      select id from signing_request
      where state = ${state} and next_at <= clock_timestamp()
        and (lease_until is null or lease_until < clock_timestamp())
      order by next_at limit ${limit} for update skip locked)
    returning ${columns}, attempts`.execute(db);
  return rows;
};

/** Tries again later, unless the request went on meanwhile: while it is still in the state in which it was taken. */
export const postponeRequest = async (
  db: Database,
  { id, state }: Pick<RequestRow, 'id' | 'state'>,
  reason: Reason,
  delayMs: number,
): Promise<void> => {
  await sql`update signing_request set lease_until = null, reason = ${JSON.stringify(reason)}::jsonb,
    next_at = clock_timestamp() + ${delayMs} * interval '1 millisecond' where id = ${id} and state = ${state}`.execute(
    db,
  );
};

/** Ids of requests whose time is over and that wait for somebody. */
export const overdue = async (db: Database, limit: number): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`
    select id from signing_request where due_at < clock_timestamp() and state in ('received', 'waiting')
    order by due_at limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
};

export const insertBatch = async (db: Database | Tx, appId: string): Promise<string> => {
  const { rows } = await sql<{ id: string }>`
    insert into signing_batch (app_id) values (${appId}) returning id`.execute(db);
  return rows[0]!.id;
};
