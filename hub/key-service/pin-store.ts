import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';

/**
 * Counts a PIN before it is looked at, on all nodes together. Undefined: the key is held or revoked, the PIN is not looked at.
 */
export const countPin = async (db: Database, id: string, most: number): Promise<number | undefined> => {
  const { rows } = await sql<{ wrongPins: number }>`
    update signing_credential set wrong_pins = wrong_pins + 1,
      held_at = case when wrong_pins + 1 >= ${most} then clock_timestamp() end,
      held_because = case when wrong_pins + 1 >= ${most} then 'wrong-pins' end
    where id = ${id} and held_at is null and revoked_at is null
    returning wrong_pins as "wrongPins"`.execute(db);
  return rows[0]?.wrongPins;
};

/** The PIN was right: what was counted is forgotten, and a hold that the count made; never one of the IT centre. */
export const forgetPins = async (db: Database, id: string): Promise<void> => {
  await sql`update signing_credential set wrong_pins = 0, held_at = null, held_because = null
    where id = ${id} and held_because is distinct from 'it-centre'`.execute(db);
};

/** `before`: the PIN (its hash) that this takes the place of; of two changes at once only one holds. */
export const setPin = async (
  tx: Tx,
  id: string,
  { pinHash, once, before }: { pinHash: string; once: boolean; before?: string },
): Promise<boolean> => {
  const { rows } = await sql`
    update signing_credential set pin_hash = ${pinHash}, pin_once = ${once}, wrong_pins = 0,
      held_at = case when held_because = 'it-centre' then held_at end,
      held_because = case when held_because = 'it-centre' then held_because end
    where id = ${id} and revoked_at is null and (${before ?? null}::text is null or pin_hash = ${before ?? null})
    returning 1`.execute(tx);
  return rows.length > 0;
};
