import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Secrets } from '#hub/platform/secrets.ts';

/** `v1`: HMAC-SHA-256 with a shared secret; `v1a`: Ed25519, whose private key stays here. */
export type SignatureKind = 'v1' | 'v1a';

/** One key as kept: `v1` the secret, `v1a` the private key (PKCS#8), both in base64. */
export interface SigningKey {
  kind: SignatureKind;
  secret: string;
  /** When it ends, because a newer one took its place. ISO time. */
  expiresAt?: string;
}

const purpose = 'delivery.signing-keys';

/** A new key: 32 random bytes, or an Ed25519 pair. */
export const makeSigningKey = (kind: SignatureKind): SigningKey => ({
  kind,
  secret:
    kind === 'v1'
      ? randomBytes(32).toString('base64')
      : generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
});

export const sealKeys = (secrets: Secrets, keys: SigningKey[]): Buffer =>
  secrets.seal(purpose, JSON.stringify(keys));
export const openKeys = (secrets: Secrets, sealed: Buffer): SigningKey[] =>
  JSON.parse(secrets.open(purpose, sealed)) as SigningKey[];

export const privateKeyOf = ({ secret }: SigningKey): KeyObject =>
  createPrivateKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'pkcs8' });

/** `whpk_` and the 32 bytes of the public key in base64. */
export const publicKeyOf = (key: SigningKey): string => {
  const { x } = createPublicKey(privateKeyOf(key)).export({ format: 'jwk' });
  return `whpk_${Buffer.from(x!, 'base64url').toString('base64')}`;
};

/** What the subscriber gets: the shared secret, or the public key. */
export const showKey = (key: SigningKey): string =>
  key.kind === 'v1' ? `whsec_${key.secret}` : publicKeyOf(key);

export const validKeys = (keys: SigningKey[], now: number): SigningKey[] =>
  keys.filter(({ expiresAt }) => expiresAt === undefined || Date.parse(expiresAt) > now);

/**
 * A new key of each kind in use. The newest so far stays valid until `expiresAt`; what was older ends now, so
 * that two at most are valid. Pure but for the new keys.
 */
export const rotateKeys = (keys: SigningKey[], expiresAt: string): SigningKey[] =>
  keys
    .filter(key => key.expiresAt === undefined)
    .flatMap(key => [makeSigningKey(key.kind), { ...key, expiresAt }]);
