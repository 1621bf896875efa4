import { sql } from 'kysely';
import { type Database, often } from '#hub/platform/database.ts';

/** Whether a loan is held, and what it did under this key already. */
export const findEffect = async (
  db: Database,
  { id, lease }: { id: string; lease: string },
  key: string,
): Promise<{ flow: string; answer?: unknown } | undefined> => {
  const { rows } = await sql<{ flow: string; answer: unknown | null }>`${often}
    select m.flow, e.answer from flow_message m
    left join flow_effect e on e.message_id = m.id and e.key = ${key}
    where m.id = ${id} and m.lease = ${lease} and m.state = 'leased'`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  return row.answer === null ? { flow: row.flow } : row;
};

/** Keeps what was asked and answered; the first answer stays. */
export const keepEffect = async (
  db: Database,
  {
    id,
    key,
    command,
    input,
    answer,
  }: { id: string; key: string; command: string; input: unknown; answer: unknown },
): Promise<void> => {
  await sql`${often}
    insert into flow_effect (message_id, key, command, input, answer)
    values (${id}, ${key}, ${command}, ${JSON.stringify(input ?? null)}::jsonb, ${JSON.stringify({ answer })}::jsonb)
    on conflict do nothing`.execute(db);
};

/** What a message did, in its order. */
export const listEffects = async (
  db: Database,
  id: string,
): Promise<{ command: string; input: unknown; answer: unknown }[]> => {
  const { rows } = await sql<{ command: string; input: unknown; answer: unknown }>`
    select command, input, answer->'answer' as answer from flow_effect where message_id = ${id} order by at`.execute(
    db,
  );
  return rows;
};
