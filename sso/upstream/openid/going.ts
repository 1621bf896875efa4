import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Secrets } from '#hub/platform/secrets.ts';
import { sha256Text } from '#sso/sha-256.ts';

/** A sign-in that has gone to an older sign-on and has not come back. */
export interface Going {
  sourceId: string;
  /** The sign-in under way here. */
  uid: string;
  state: string;
  nonce: string;
  verifier: string;
  /** The person must prove who they are anew, whatever session they have there. */
  anew: boolean;
}

const purpose = 'upstream-going';
const minutes = 15;
const cookieFor = (state: string): string => `lienthong_from_${sha256Text(state).slice(0, 10)}`;

export const callbackOf = (sourceId: string): string => `/sso/upstream/${sourceId}/callback`;

export const newState = (): string => randomBytes(32).toString('base64url');

/** Keeps it in the browser that goes, one for each tab: nobody else's can come back with it. */
export const keepGoing = (ctx: Context, secrets: Secrets, going: Going, secure: boolean): void => {
  ctx.cookies.set(
    cookieFor(going.state),
    secrets.seal(purpose, JSON.stringify(going)).toString('base64url'),
    {
      httpOnly: true,
      sameSite: 'lax',
      secure,
      path: callbackOf(going.sourceId),
      maxAge: minutes * 60_000,
      signed: false,
    },
  );
};

/** What this browser went with, once; undefined when it did not, or has come back before. */
export const takeGoing = (ctx: Context, secrets: Secrets, sourceId: string): Going | undefined => {
  const state = ctx.query.state;
  if (typeof state !== 'string') return undefined;
  const sealed = ctx.cookies.get(cookieFor(state), { signed: false });
  if (sealed === undefined) return undefined;
  ctx.cookies.set(cookieFor(state), null, { path: callbackOf(sourceId), signed: false });
  try {
    const going = JSON.parse(secrets.open(purpose, Buffer.from(sealed, 'base64url'))) as Going;
    return going.state === state && going.sourceId === sourceId ? going : undefined;
  } catch {
    return undefined;
  }
};
