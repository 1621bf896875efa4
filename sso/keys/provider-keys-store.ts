import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { PublicKey } from '#schemas/commands/sso.ts';

/** A signing key as stored; the private half is sealed. */
export interface KeyRow {
  kid: string;
  publicJwk: PublicKey;
  privateJwk: Buffer;
  createdAt: Date;
  retired: boolean;
}

/** Retired keys stay for a day more: longer than any token of theirs lives, and for `id_token_hint` at sign-out. */
const keptFor = sql`interval '1 day'`;

/** Lets one node make or change keys at a time. */
export const lockKeys = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext('lienthong.token-keys'))`.execute(tx);
};

/** The keys in use, then those retired within the day; each newest first. */
export const readKeys = async (db: Database | Tx): Promise<KeyRow[]> => {
  const { rows } = await sql<KeyRow>`
    select kid, public_jwk as "publicJwk", private_jwk as "privateJwk", created_at as "createdAt",
           retired_at is not null as retired
    from token_key where retired_at is null or retired_at > now() - ${keptFor}
    order by retired, created_at desc, kid`.execute(db);
  return rows;
};

/** Adds keys and retires all others. */
export const replaceKeys = async (
  tx: Tx,
  keys: Pick<KeyRow, 'kid' | 'publicJwk' | 'privateJwk'>[],
): Promise<void> => {
  await sql`update token_key set retired_at = clock_timestamp() where retired_at is null`.execute(tx);
  for (const { kid, publicJwk, privateJwk } of keys)
    await sql`
      insert into token_key (kid, public_jwk, private_jwk)
      values (${kid}, ${JSON.stringify(publicJwk)}::jsonb, ${privateJwk})`.execute(tx);
};
