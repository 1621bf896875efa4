import type { Context } from 'koa';
import type { Bridge } from '#sso/bridge/bridge.ts';
import { pagesCallback, pagesClient } from '#sso/bridge/own-clients.ts';

/** Sends a browser to sign in for a page of ours, and then back to it. `more`: what the sign-in must also bring. */
export const signInFor = (
  bridge: Bridge,
  ctx: Context,
  returnTo: string,
  more?: Record<string, string>,
): void =>
  bridge.begin(ctx, {
    clientId: pagesClient,
    callback: pagesCallback,
    returnTo,
    ...(more === undefined ? {} : { more }),
  });
