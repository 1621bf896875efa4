import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { PublicKey } from '#schemas/commands/sso.ts';
import { type KeyRow, lockKeys, readKeys, replaceKeys } from '#sso/keys/provider-keys-store.ts';

/** Private keys that a provider signs with, those in use first; `id` changes with them. */
export interface Keyset {
  id: string;
  jwks: JWK[];
}

/**
 * The keys of all tokens, shared by all nodes through the database: ES256 for access tokens, RS256 for ID tokens,
 * which every client must know (OpenID Connect Core 1.0 §15.1).
 */
export interface ProviderKeys {
  /** What to sign with; made when there is none yet, once however many nodes ask. */
  inUse(): Promise<Keyset>;
  /** The public keys that a token may be signed with: those in use, and those retired within the day. */
  published(): Promise<PublicKey[]>;
  /** Changes to new keys. Other nodes go on with the old ones for a minute at most. */
  rotate(actor: string): Promise<{ kid: string }>;
  /** Changes to new keys when those in use are older than 90 days. */
  rotateWhenOld(): Promise<void>;
}

const purpose = 'token-key';
const rememberMs = 60_000;
const oldMs = 90 * 86_400_000;
const algorithms = ['ES256', 'RS256'] as const;

type NewKey = Pick<KeyRow, 'kid' | 'publicJwk' | 'privateJwk'>;

const makeKey = async (secrets: Secrets, alg: string): Promise<NewKey> => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const privateJwk = secrets.seal(purpose, JSON.stringify(await exportJWK(privateKey)));
  return { kid, publicJwk: { ...jwk, kid, alg, use: 'sig' } as PublicKey, privateJwk };
};

export const createProviderKeys = ({ db, secrets }: { db: Database; secrets: Secrets }): ProviderKeys => {
  let remembered: { keyset: Keyset; until: number } | undefined;

  const replace = async (tx: Tx, actor: string): Promise<{ kid: string }> => {
    const made = await Promise.all(algorithms.map(alg => makeKey(secrets, alg)));
    await replaceKeys(tx, made);
    const { kid } = made[0]!;
    await appendAudit(tx, { actor, action: 'token-key.rotated', object: `token-key/${kid}` });
    return { kid };
  };

  const isComplete = (rows: KeyRow[]): boolean =>
    algorithms.every(alg => rows.some(row => !row.retired && row.publicJwk.alg === alg));

  const makeFirst = (): Promise<KeyRow[]> =>
    inTransaction(db, async tx => {
      await lockKeys(tx);
      if (!isComplete(await readKeys(tx))) await replace(tx, 'system');
      return readKeys(tx);
    });

  const toKeyset = (rows: KeyRow[]): Keyset => ({
    id: rows.map(row => row.kid).join(' '),
    jwks: rows.map(row => {
      const { alg, use, kid } = row.publicJwk;
      return { ...JSON.parse(secrets.open(purpose, row.privateJwk)), alg, use, kid };
    }),
  });

  return {
    async inUse() {
      if (remembered !== undefined && remembered.until > performance.now()) return remembered.keyset;
      const rows = await readKeys(db);
      const keyset = toKeyset(isComplete(rows) ? rows : await makeFirst());
      remembered = { keyset, until: performance.now() + rememberMs };
      return keyset;
    },
    published: async () => (await readKeys(db)).map(row => row.publicJwk),
    async rotate(actor) {
      const made = await inTransaction(db, async tx => {
        await lockKeys(tx);
        return replace(tx, actor);
      });
      remembered = undefined;
      return made;
    },
    rotateWhenOld: () =>
      inTransaction(db, async tx => {
        await lockKeys(tx);
        const [newest] = await readKeys(tx);
        if (newest !== undefined && Date.now() - newest.createdAt.getTime() > oldMs) {
          await replace(tx, 'system');
          remembered = undefined;
        }
      }),
  };
};
