import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { DocumentFile, DocumentHeader, SentDocument } from '#schemas/document.ts';

export interface DocumentRow {
  id: string;
  documentId: string;
  fromOrgan: string;
  fromUnit: string | null;
  origin: 'app' | 'axis' | 'hub';
  originApp: string | null;
  versionId: string;
  events: number;
  createdAt: Date;
}
const columns = sql`d.id, d.document_id as "documentId", d.from_organ as "fromOrgan", d.from_unit as "fromUnit",
  d.origin, d.origin_app as "originApp", d.version_id as "versionId", d.events, d.created_at as "createdAt"`;

export const findDocument = async (db: Database | Tx, id: string): Promise<DocumentRow | undefined> => {
  const { rows } = await sql<DocumentRow>`select ${columns} from document d where id = ${id}`.execute(db);
  return rows[0];
};

export interface ListFilter {
  /** Only those that this app issued or has. */
  app: string | undefined;
  state: string | undefined;
  direction: 'sent' | 'received' | undefined;
  before: { at: string; id: string } | undefined;
  limit: number;
}

/** The newest first, one more than the limit. */
export const listDocuments = async (db: Database, filter: ListFilter): Promise<DocumentRow[]> => {
  const { app, state, direction, before, limit } = filter;
  const has = (condition: ReturnType<typeof sql>) =>
    sql`exists (select from document_receiver r where r.document = d.id and ${condition})`;
  const { rows } = await sql<DocumentRow>`
    select ${columns} from document d
    where ${app === undefined ? sql`true` : sql`(d.origin_app = ${app} or ${has(sql`r.app = ${app}`)})`}
      and ${state === undefined ? sql`true` : has(sql`r.state = ${state}`)}
      and ${direction === undefined ? sql`true` : sql`(d.origin = 'axis') = ${direction === 'received'}`}
      and ${before === undefined ? sql`true` : sql`(d.created_at, d.id) < (${before.at}::timestamptz, ${before.id}::uuid)`}
    order by d.created_at desc, d.id desc limit ${limit + 1}`.execute(db);
  return rows;
};

export const insertDocument = async (
  tx: Tx,
  row: Omit<DocumentRow, 'events' | 'createdAt'>,
): Promise<void> => {
  await sql`
    insert into document (id, document_id, from_organ, from_unit, origin, origin_app, version_id)
    values (${row.id}, ${row.documentId}, ${row.fromOrgan}, ${row.fromUnit}, ${row.origin}, ${row.originApp},
      ${row.versionId})`.execute(tx);
};

/** Another form of the document holds from now on. */
export const setVersion = async (tx: Tx, id: string, versionId: string): Promise<void> => {
  await sql`update document set version_id = ${versionId} where id = ${id}`.execute(tx);
};

/** Counts one more fact and answers its number. */
export const countEvent = async (tx: Tx, id: string): Promise<number> => {
  const { rows } = await sql<{ events: number }>`
    update document set events = events + 1 where id = ${id} returning events`.execute(tx);
  return rows[0]!.events;
};

export const findVersion = async (tx: Tx, document: string, digest: Buffer): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    select id from document_version where document = ${document} and digest = ${digest}`.execute(tx);
  return rows[0]?.id;
};

export const insertVersion = async (
  tx: Tx,
  version: { id: string; document: string; kind: string; digest: Buffer; package: Uint8Array | undefined },
  { files, ...header }: SentDocument,
): Promise<void> => {
  await sql`
    insert into document_version (id, document, kind, digest, header, package)
    values (${version.id}, ${version.document}, ${version.kind}, ${version.digest}, ${JSON.stringify(header)}::jsonb,
      ${version.package === undefined ? null : Buffer.from(version.package)})`.execute(tx);
  for (const [position, file] of files.entries()) {
    const bytes = Buffer.from(file.base64, 'base64');
    await sql`
      insert into document_file (version, position, name, description, content_id, sha256, bytes)
      values (${version.id}, ${position}, ${file.name}, ${file.description ?? null}, ${file.contentId ?? null},
        sha256(${bytes}), ${bytes})`.execute(tx);
  }
};

export const readHeader = async (db: Database | Tx, versionId: string): Promise<DocumentHeader> => {
  const { rows } = await sql<{ header: DocumentHeader }>`
    select header from document_version where id = ${versionId}`.execute(db);
  return rows[0]!.header;
};

/** A document in one of its forms, whole. */
export const readVersion = async (db: Database | Tx, versionId: string): Promise<SentDocument> => {
  const { rows } = await sql<{ name: string; description: string | null; id: string | null; bytes: Buffer }>`
    select name, description, content_id as id, bytes from document_file
    where version = ${versionId} order by position`.execute(db);
  const files = rows.map(
    ({ name, description, id, bytes }): DocumentFile => ({
      name,
      ...(description === null ? {} : { description }),
      ...(id === null ? {} : { contentId: id }),
      base64: bytes.toString('base64'),
    }),
  );
  return { ...(await readHeader(db, versionId)), files };
};

export interface VersionRow {
  id: string;
  kind: string;
  at: Date;
  reason: string | null;
}
export const versionsOf = async (db: Database, document: string): Promise<VersionRow[]> => {
  const { rows } = await sql<VersionRow>`
    select id, kind, at, header -> 'action' ->> 'reason' as reason from document_version
    where document = ${document} order by at`.execute(db);
  return rows;
};

export const filesOf = async (
  db: Database,
  versionId: string,
): Promise<{ name: string; description: string | null; bytes: number; sha256: string }[]> => {
  const { rows } = await sql<{ name: string; description: string | null; bytes: number; sha256: string }>`
    select name, description, length(bytes) as bytes, encode(sha256, 'hex') as sha256 from document_file
    where version = ${versionId} order by position`.execute(db);
  return rows;
};

/** As it came from the axis; undefined when it did not. */
export const packageOf = async (db: Database, versionId: string): Promise<Buffer | undefined> => {
  const { rows } = await sql<{ package: Buffer | null }>`
    select package from document_version where id = ${versionId}`.execute(db);
  return rows[0]?.package ?? undefined;
};
