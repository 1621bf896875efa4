import { timingSafeEqual } from 'node:crypto';
import type { Secrets } from '#hub/platform/secrets.ts';

/** Proves that a form was drawn by us for who sends it: bound to the sign-in or the session that it belongs to. */
export interface Csrf {
  tokenFor(owner: string): string;
  matches(owner: string, token: unknown): boolean;
}

/** `purpose` keeps the forms of one set of pages apart from those of another. */
export const createCsrf = (secrets: Secrets, purpose: string): Csrf => {
  const tokenFor = (owner: string): string => secrets.keyedHash(purpose, owner).toString('base64url');
  return {
    tokenFor,
    matches(owner, token) {
      const wanted = Buffer.from(tokenFor(owner));
      const given = Buffer.from(typeof token === 'string' ? token : '');
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
};
