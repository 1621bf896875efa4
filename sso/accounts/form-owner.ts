import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';

const cookie = 'lienthong_form';

/**
 * Whose browser this is, before anybody has signed in: what a form of ours is bound to. A browser that has no such
 * cookie yet is given one with the page that shows the form.
 */
export const formOwnerOf = (ctx: Context, origin: string): string => {
  const kept = ctx.cookies.get(cookie, { signed: true });
  if (kept !== undefined) return kept;
  const owner = randomBytes(16).toString('base64url');
  ctx.cookies.set(cookie, owner, {
    signed: true,
    httpOnly: true,
    sameSite: 'lax',
    secure: origin.startsWith('https:'),
    path: '/sso',
  });
  return owner;
};
