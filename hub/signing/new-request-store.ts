import { sql } from 'kysely';
import { type Database, often } from '#hub/platform/database.ts';
import { firstEvent } from '#hub/platform/event-log.ts';
import type { RequestRow } from '#hub/signing/request-store.ts';
import type { StepRow } from '#hub/signing/step-store.ts';
import type { NewEvent } from '#schemas/event.ts';

/** A request as it comes in. */
export interface NewRequest
  extends Pick<
    RequestRow,
    'id' | 'appId' | 'actor' | 'documentId' | 'title' | 'documentType' | 'fileName' | 'format' | 'putBack'
  > {
  batchId: string | undefined;
  dueAt: string | undefined;
  /** SHA-256 of file and steps: what is asked once. */
  asked: Buffer;
  original: Buffer;
  current: Buffer;
  file: Buffer;
  /** Fields for number and date; empty: none. */
  increment: Buffer;
  /** In their order: the first waits, the others have their turn after it. */
  steps: Pick<StepRow, 'staffId' | 'unitId' | 'level' | 'appearance' | 'numbers'>[];
}

/**
 * Writes a request with its file, its steps and its first fact in one statement: nobody can know of it before, so nothing
 * needs a lock. False: the same was asked before.
 */
export const insertRequest = async (
  db: Database,
  request: NewRequest,
  fact: NewEvent & { subjectVersion: 1 },
): Promise<boolean> => {
  const { rows } = await sql<{ made: boolean }>`${often}
    with made as (
      insert into signing_request (id, batch_id, app_id, actor, document_id, asked, title, file_name, format, put_back,
        state, version, due_at, original, current, parts, document_type)
      values (${request.id}, ${request.batchId ?? null}, ${request.appId}, ${request.actor}, ${request.documentId},
        ${request.asked}, ${request.title}, ${request.fileName}, ${request.format}, ${request.putBack}, 'waiting', 1,
        ${request.dueAt ?? null}, ${request.original}, ${request.current}, ${request.increment.length === 0 ? 1 : 2},
        ${request.documentType})
      on conflict (app_id, document_id, asked) do nothing returning id),
    parts as (
      insert into signing_part (request_id, number, bytes)
      select id, number, bytes
      from made, (values (0, ${request.file}::bytea), (1, ${request.increment}::bytea)) part (number, bytes)
      where number = 0 or length(bytes) > 0),
    steps as (
      insert into signing_step (request_id, position, staff_id, unit_id, level, appearance, numbers, state)
      select id, position, staff_id, unit_id, level, appearance, numbers,
        case position when 1 then 'waiting' else 'received' end
      from made, rows from (jsonb_to_recordset(${JSON.stringify(request.steps)}::jsonb) as (
        "staffId" uuid, "unitId" uuid, level text, appearance jsonb, numbers boolean))
        with ordinality as step (staff_id, unit_id, level, appearance, numbers, position)),
    fact as (${firstEvent(fact, sql`exists (select from made)`)})
    select exists (select from made) as made`.execute(db);
  return rows[0]!.made;
};

/** The request by what was asked; undefined: nobody asked it yet. */
export const findAsked = async (
  db: Database,
  key: { appId: string; documentId: string; asked: Buffer },
): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`select id from signing_request
    where app_id = ${key.appId} and document_id = ${key.documentId} and asked = ${key.asked}`.execute(db);
  return rows[0]?.id;
};
