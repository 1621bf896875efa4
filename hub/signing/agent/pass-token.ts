import { createHash, randomBytes } from 'node:crypto';

/** A token that stands in an address: 256 bits, told once. */
export const makeToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token. It is random already: no salt, no slow hash. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();
