import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** Sealing and keyed hashing with keys derived from the master key, one per purpose. */
export interface Secrets {
  /** AES-256-GCM; 12 bytes nonce, 16 bytes tag, then the text. */
  seal(purpose: string, text: string): Buffer;
  /** Throws when the bytes were changed or sealed for another purpose. */
  open(purpose: string, sealed: Buffer): string;
  /** HMAC-SHA-256: equal for equal texts, useless without the key. */
  keyedHash(purpose: string, text: string): Buffer;
}

/** `masterKey` is 32 bytes; HKDF (RFC 5869) gives every purpose its own key. */
export const createSecrets = (masterKey: Buffer): Secrets => {
  const keys = new Map<string, KeyObject>();
  const keyFor = (purpose: string): KeyObject => {
    let key = keys.get(purpose);
    if (key === undefined) {
      key = createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, 'lienthong', purpose, 32)));
      keys.set(purpose, key);
    }
    return key;
  };
  return {
    seal(purpose, text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyFor(`seal:${purpose}`), nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(purpose, sealed) {
      const decipher = createDecipheriv('aes-256-gcm', keyFor(`seal:${purpose}`), sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(12, 28));
      return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
    },
    keyedHash: (purpose, text) =>
      createHmac('sha256', keyFor(`hash:${purpose}`))
        .update(text)
        .digest(),
  };
};
