import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { appendAudit } from '#hub/platform/audit-store.ts';
import { type Database, inTransaction, type Tx } from '#hub/platform/database.ts';
import type { Secrets } from '#hub/platform/secrets.ts';
import type { PublicKey } from '#schemas/commands/sso.ts';
import {
  lockKeys,
  readPublishedKeys,
  readSigningKey,
  replaceSigningKey,
  type TokenKeyRow,
} from '#sso/token-keys-store.ts';

/** A key that tokens are signed with. */
export interface SigningKey {
  kid: string;
  key: CryptoKey;
}

/** The keys of the access tokens (ES256), shared by all nodes through the database. */
export interface TokenKeys {
  /** The key in use; made when there is none yet, once however many nodes ask. */
  signing(): Promise<SigningKey>;
  /** The public keys that a token may be signed with: the one in use, and those retired within the hour. */
  published(): Promise<PublicKey[]>;
  /** Changes to a new key. Other nodes go on with the old one for a minute at most. */
  rotate(actor: string): Promise<{ kid: string }>;
  /** Changes to a new key when the one in use is older than 90 days. */
  rotateWhenOld(): Promise<void>;
}

const purpose = 'token-key';
const rememberMs = 60_000;
const oldMs = 90 * 86_400_000;

const makeKey = async (secrets: Secrets): Promise<Omit<TokenKeyRow, 'createdAt'>> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const privateJwk = secrets.seal(purpose, JSON.stringify(await exportJWK(privateKey)));
  return { kid, publicJwk: { ...jwk, kid, alg: 'ES256', use: 'sig' } as PublicKey, privateJwk };
};

export const createTokenKeys = ({ db, secrets }: { db: Database; secrets: Secrets }): TokenKeys => {
  let remembered: { key: SigningKey; until: number } | undefined;

  const replace = async (tx: Tx, actor: string): Promise<Omit<TokenKeyRow, 'createdAt'>> => {
    const made = await makeKey(secrets);
    await replaceSigningKey(tx, made);
    await appendAudit(tx, { actor, action: 'token-key.rotated', object: `token-key/${made.kid}` });
    return made;
  };

  const makeFirst = (): Promise<Omit<TokenKeyRow, 'createdAt'>> =>
    inTransaction(db, async tx => {
      await lockKeys(tx);
      return (await readSigningKey(tx)) ?? replace(tx, 'system');
    });

  return {
    async signing() {
      if (remembered !== undefined && remembered.until > performance.now()) return remembered.key;
      const row = (await readSigningKey(db)) ?? (await makeFirst());
      const jwk = JSON.parse(secrets.open(purpose, row.privateJwk));
      const key = { kid: row.kid, key: (await importJWK(jwk, 'ES256')) as CryptoKey };
      remembered = { key, until: performance.now() + rememberMs };
      return key;
    },
    published: () => readPublishedKeys(db),
    async rotate(actor) {
      const { kid } = await inTransaction(db, async tx => {
        await lockKeys(tx);
        return replace(tx, actor);
      });
      remembered = undefined;
      return { kid };
    },
    rotateWhenOld: () =>
      inTransaction(db, async tx => {
        await lockKeys(tx);
        const row = await readSigningKey(tx);
        if (row !== undefined && Date.now() - row.createdAt.getTime() > oldMs) {
          await replace(tx, 'system');
          remembered = undefined;
        }
      }),
  };
};
