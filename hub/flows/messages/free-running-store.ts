import { sql } from 'kysely';
import type { Database } from '#hub/platform/database.ts';

/**
 * Frees what an earlier run of a hub that works alone had begun: messages on loan, deeds without an answer, sources that were being
 * asked. Nobody else can be at it; without this each would wait until its time is up.
 */
export const freeRunning = async (db: Database): Promise<void> => {
  await sql`
    with loans as (
      update flow_message set state = 'ready', lease = null, lease_until = null, runner = null where state = 'leased'
    ), deeds as (
      delete from flow_effect where answer is null
    )
    update flow_source set lease_until = null where lease_until is not null`.execute(db);
};
