import { sql } from 'kysely';
import type { ReceiverState } from '#hub/documents/next-state.ts';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { DocumentStatus, Organ } from '#schemas/document.ts';

export interface ReceiverRow {
  document: string;
  key: string;
  organ: Organ;
  unitId: string | null;
  state: ReceiverState;
  stateBefore: ReceiverState | null;
  app: string | null;
  changedAt: Date;
}
const columns = sql`document, key, organ, unit_id as "unitId", state, state_before as "stateBefore", app,
  changed_at as "changedAt"`;

export const receiversOf = async (db: Database | Tx, documents: string[]): Promise<ReceiverRow[]> => {
  const { rows } = await sql<ReceiverRow>`
    select ${columns} from document_receiver where document = any(${documents}::uuid[])
    order by document, organ ->> 'name', key`.execute(db);
  return rows;
};

/** Adds a receiver; false when it is one already. */
export const insertReceiver = async (
  tx: Tx,
  row: Pick<ReceiverRow, 'document' | 'key' | 'organ' | 'unitId'>,
): Promise<boolean> => {
  const { rows } = await sql`
    insert into document_receiver (document, key, organ, unit_id)
    values (${row.document}, ${row.key}, ${JSON.stringify(row.organ)}::jsonb, ${row.unitId})
    on conflict do nothing returning key`.execute(tx);
  return rows.length > 0;
};

export const moveReceiver = async (
  tx: Tx,
  { document, key }: Pick<ReceiverRow, 'document' | 'key'>,
  to: { state: ReceiverState; before?: ReceiverState | undefined },
): Promise<void> => {
  await sql`
    update document_receiver set state = ${to.state}, state_before = ${to.before ?? null}, changed_at = clock_timestamp()
    where document = ${document} and key = ${key}`.execute(tx);
};

/** Notes which app has it. */
export const setReceiverApp = async (
  tx: Tx,
  { document, key }: Pick<ReceiverRow, 'document' | 'key'>,
  app: string,
): Promise<void> => {
  await sql`update document_receiver set app = ${app} where document = ${document} and key = ${key}`.execute(
    tx,
  );
};

export interface StatusRow {
  id: string;
  receiver: string;
  code: string;
  status: DocumentStatus;
  moved: boolean;
  heardAt: Date;
}

/** Keeps a status; false when exactly this one was heard before. */
export const insertStatus = async (
  tx: Tx,
  row: { id: string; document: string; receiver: string; status: DocumentStatus; moved: boolean },
): Promise<boolean> => {
  const { rows } = await sql`
    insert into document_status (id, document, receiver, code, status, moved)
    values (${row.id}, ${row.document}, ${row.receiver}, ${row.status.code}, ${JSON.stringify(row.status)}::jsonb,
      ${row.moved})
    on conflict (id) do nothing returning id`.execute(tx);
  return rows.length > 0;
};

export const statusesOf = async (db: Database, document: string): Promise<StatusRow[]> => {
  const { rows } = await sql<StatusRow>`
    select id, receiver, code, status, moved, heard_at as "heardAt" from document_status
    where document = ${document} order by nr`.execute(db);
  return rows;
};

export const findStatus = async (db: Database | Tx, id: string): Promise<DocumentStatus> => {
  const { rows } = await sql<{ status: DocumentStatus }>`
    select status from document_status where id = ${id}`.execute(db);
  return rows[0]!.status;
};
