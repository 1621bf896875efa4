import { timingSafeEqual } from 'node:crypto';
import type { Secrets } from '#hub/platform/secrets.ts';

/** Proves that a form was drawn by us for who sends it: bound to the sign-in or the session that it belongs to. */
export interface Csrf {
  tokenFor(owner: string): string;
  matches(owner: string, token: unknown): boolean;
}

export const createCsrf = (secrets: Secrets): Csrf => {
  const tokenFor = (owner: string): string => secrets.keyedHash('sign-on-csrf', owner).toString('base64url');
  return {
    tokenFor,
    matches(owner, token) {
      const wanted = Buffer.from(tokenFor(owner));
      const given = Buffer.from(typeof token === 'string' ? token : '');
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
};
