import { sql } from 'kysely';
import { toJsonb } from '#hub/flows/messages/to-jsonb.ts';
import { type Database, mayBeLost, often } from '#hub/platform/database.ts';

/** How an effect stands: `begun` is ours to do, `pending` is somebody else's to finish. */
export type EffectState =
  | { state: 'lost' }
  | { state: 'begun' }
  | { state: 'pending' }
  | { state: 'done'; answer: unknown };

/** Who began and did not finish within this time is gone. Longer than any effect may take. */
const longest = sql`interval '2 minutes'`;

/**
 * Begins an effect of a loan, once at a time: a runner that died may have asked for it a moment ago. The mark itself may be lost to a
 * power cut; then nobody is at it any more either.
 */
export const beginEffect = async (
  db: Database,
  {
    id,
    lease,
    key,
    command,
    input,
  }: { id: string; lease: string; key: string; command: string; input: unknown },
): Promise<EffectState> => {
  const { rows } = await sql<{ held: boolean; mine: boolean; answer: { answer: unknown } | null }>`${often}
    with loan as (
      select from flow_message where id = ${id} and lease = ${lease} and state = 'leased'
    ), mine as (
      insert into flow_effect as e (message_id, key, command, input, until)
      select ${id}::uuid, ${key}, ${command}, ${toJsonb(input ?? null)}::jsonb, clock_timestamp() + ${longest}
      from loan where ${mayBeLost}
      on conflict (message_id, key) do update set until = excluded.until
        where e.answer is null and e.until <= clock_timestamp()
      returning 1)
    select exists (select from loan) as held, exists (select from mine) as mine,
      (select answer from flow_effect where message_id = ${id}::uuid and key = ${key}) as answer`.execute(db);
  const { held, mine, answer } = rows[0]!;
  if (!held) return { state: 'lost' };
  if (mine) return { state: 'begun' };
  return answer === null ? { state: 'pending' } : { state: 'done', answer: answer.answer };
};

/** Keeps what was answered. */
export const finishEffect = async (db: Database, id: string, key: string, answer: unknown): Promise<void> => {
  await sql`${often} update flow_effect set answer = ${toJsonb({ answer })}::jsonb, at = clock_timestamp()
    where message_id = ${id} and key = ${key}`.execute(db);
};

/** It was not done: whoever comes next may begin it. */
export const dropEffect = async (db: Database, id: string, key: string): Promise<void> => {
  await sql`delete from flow_effect where message_id = ${id} and key = ${key} and answer is null`.execute(db);
};

/** What a message did, in its order. */
export const listEffects = async (
  db: Database,
  id: string,
): Promise<{ command: string; input: unknown; answer: unknown }[]> => {
  const { rows } = await sql<{ command: string; input: unknown; answer: unknown }>`
    select command, input, answer->'answer' as answer from flow_effect
    where message_id = ${id} and answer is not null order by at`.execute(db);
  return rows;
};
