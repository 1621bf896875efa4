import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { EventCursor } from '#hub/platform/event-log-store.ts';
import type { Counts } from './share.ts';

const reader = 'signing-rates';
const counted = sql`unit_id is not null and issued_on is not null`;

export interface ReportedDocument {
  documentId: string;
  unitId: string;
  issuedOn: string;
  signed: boolean;
}

/** A file that the hub gave back signed; unit and day are known when the clerk gave them. */
export interface ReturnedDocument {
  appId: string;
  documentId: string;
  unitId?: string;
  issuedOn?: string;
  signedAt: string;
}

/** The report of an app is the word on unit, day and its own signing; what the hub signed stays signed. Documents must differ. */
export const writeReported = async (
  db: Database,
  appId: string,
  documents: ReportedDocument[],
): Promise<void> => {
  await sql`
    insert into signing_rate_document (app_id, document_id, unit_id, issued_on, reported_signed)
    select ${appId}, "documentId", "unitId", "issuedOn", signed
    from jsonb_to_recordset(${JSON.stringify(documents)}::jsonb)
      as d("documentId" text, "unitId" uuid, "issuedOn" date, signed boolean)
    order by "documentId"
    on conflict (app_id, document_id) do update set
      unit_id = excluded.unit_id, issued_on = excluded.issued_on, reported_signed = excluded.reported_signed
  `.execute(db);
};

/** What the hub signed. Unit and day fill only what no report told. */
export const writeReturned = async (db: Database | Tx, document: ReturnedDocument): Promise<void> => {
  const { appId, documentId, unitId, issuedOn, signedAt } = document;
  await sql`
    insert into signing_rate_document as d (app_id, document_id, unit_id, issued_on, returned_at)
    values (${appId}, ${documentId}, ${unitId ?? null}, ${issuedOn ?? null}, ${signedAt})
    on conflict (app_id, document_id) do update set
      unit_id = coalesce(d.unit_id, excluded.unit_id),
      issued_on = coalesce(d.issued_on, excluded.issued_on),
      returned_at = least(d.returned_at, excluded.returned_at)
  `.execute(db);
};

export interface Window {
  from: string;
  until: string;
  /** Only these; all when absent. */
  unitIds: string[] | undefined;
}

const upTo = ({ until, unitIds }: Window) => sql`${counted} and issued_on <= ${until}::date
  and (${unitIds ?? null}::uuid[] is null or unit_id = any(${unitIds ?? null}::uuid[]))`;

/** Of every unit that issued something up to the end of the window: in the window, and ever. */
export const countByUnit = async (
  db: Database,
  window: Window,
): Promise<{ unitId: string; period: Counts; ever: Counts }[]> => {
  const inWindow = sql`issued_on >= ${window.from}::date`;
  const { rows } = await sql<{ unitId: string; period: Counts; ever: Counts }>`
    select unit_id as "unitId",
      jsonb_build_object('issued', count(*) filter (where ${inWindow}),
        'signed', count(*) filter (where ${inWindow} and signed)) as period,
      jsonb_build_object('issued', count(*), 'signed', count(*) filter (where signed)) as ever
    from signing_rate_document where ${upTo(window)} group by unit_id`.execute(db);
  return rows;
};

/** By month of the window, oldest first; months without documents are not there. */
export const countByMonth = async (db: Database, window: Window): Promise<({ month: string } & Counts)[]> => {
  const { rows } = await sql<{ month: string } & Counts>`
    select to_char(issued_on, 'YYYY-MM') as month, count(*)::int as issued,
      (count(*) filter (where signed))::int as signed
    from signing_rate_document where ${upTo(window)} and issued_on >= ${window.from}::date
    group by 1 order by 1`.execute(db);
  return rows;
};

/** Takes the place in the log for this transaction; undefined while another node has it. */
export const lockReader = async (tx: Tx): Promise<EventCursor | undefined> => {
  const { rows } = await sql<EventCursor>`
    select xid::text as xid, position from event_reader where name = ${reader} for update skip locked`.execute(
    tx,
  );
  return rows[0];
};

export const moveReader = async (tx: Tx, { xid, position }: EventCursor): Promise<void> => {
  await sql`
    update event_reader set xid = ${xid}::xid8, position = ${position}, updated_at = now()
    where name = ${reader}`.execute(tx);
};
