import { sql } from 'kysely';
import type { Database, Tx } from '#hub/platform/database.ts';
import type { PublicKey } from '#schemas/commands/sso.ts';

/** A signing key as stored; the private half is sealed. */
export interface TokenKeyRow {
  kid: string;
  publicJwk: PublicKey;
  privateJwk: Buffer;
  createdAt: Date;
}

/** Retired keys are published for an hour more: far longer than any token of theirs lives. */
const publishedFor = sql`interval '1 hour'`;

/** Lets one node make or change keys at a time. */
export const lockKeys = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext('lienthong.token-keys'))`.execute(tx);
};

/** The key that signs now: the newest that is not retired. */
export const readSigningKey = async (db: Database | Tx): Promise<TokenKeyRow | undefined> => {
  const { rows } = await sql<TokenKeyRow>`
    select kid, public_jwk as "publicJwk", private_jwk as "privateJwk", created_at as "createdAt"
    from token_key where retired_at is null order by created_at desc limit 1`.execute(db);
  return rows[0];
};

export const readPublishedKeys = async (db: Database): Promise<PublicKey[]> => {
  const { rows } = await sql<{ publicJwk: PublicKey }>`
    select public_jwk as "publicJwk" from token_key
    where retired_at is null or retired_at > now() - ${publishedFor}
    order by created_at desc`.execute(db);
  return rows.map(row => row.publicJwk);
};

/** Adds a key and retires all others. */
export const replaceSigningKey = async (tx: Tx, key: Omit<TokenKeyRow, 'createdAt'>): Promise<void> => {
  await sql`update token_key set retired_at = clock_timestamp() where retired_at is null`.execute(tx);
  await sql`
    insert into token_key (kid, public_jwk, private_jwk)
    values (${key.kid}, ${JSON.stringify(key.publicJwk)}::jsonb, ${key.privateJwk})`.execute(tx);
};
