import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A new secret: 32 random bytes, 43 characters of base64url. */
export const makeSecret = (): string => randomBytes(32).toString('base64url');

/**
 * SHA-256. A slow hash protects what people choose; 256 random bits cannot be guessed at any speed, and a
 * slow hash would only make the token endpoint easy to overload.
 */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Stands where a client has fewer than two secrets, or does not exist: no secret has this hash that we know of. */
const noHash = Buffer.alloc(32);

/** Whether a secret is one of at most two. Always makes two comparisons in constant time. */
export const matchesSecret = (secret: string, hashes: Buffer[]): boolean => {
  const hash = hashSecret(secret);
  let matches = false;
  for (const slot of [0, 1]) {
    const equal = timingSafeEqual(hash, hashes[slot] ?? noHash);
    matches = (equal && slot < hashes.length) || matches;
  }
  return matches;
};
