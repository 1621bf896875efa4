import { createHash, randomBytes } from 'node:crypto';

/** A new secret: 32 random bytes, 43 characters of base64url. */
export const makeSecret = (): string => randomBytes(32).toString('base64url');

/**
 * SHA-256. A slow hash protects what people choose; 256 random bits cannot be guessed at any speed, and a
 * slow hash would only make the token endpoint easy to overload.
 */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();
