import type { Context } from 'koa';

/** `__Host-`: no neighbour of the domain can set it (RFC 6265bis §4.1.3.2). Browsers take it only with https. */
const nameAt = (origin: string, name: string): string =>
  origin.startsWith('https:') ? `__Host-${name}` : name;

export const readHostCookie = (ctx: Context, origin: string, name: string): string | undefined =>
  ctx.cookies.get(nameAt(origin, name), { signed: false });

/**
 * Sets a cookie at an app's origin, for the browser session or for `seconds`. The app's scheme decides on `Secure`, not ours:
 * Koa would look at the connection between proxy and hub.
 */
export const setHostCookie = (
  ctx: Context,
  origin: string,
  { name, value, seconds }: { name: string; value: string; seconds?: number },
): void => {
  const parts = [
    `${nameAt(origin, name)}=${value}`,
    'Path=/',
    ...(seconds === undefined ? [] : [`Max-Age=${seconds}`]),
    'HttpOnly',
    'SameSite=Lax',
    ...(origin.startsWith('https:') ? ['Secure'] : []),
  ];
  ctx.append('set-cookie', parts.join('; '));
};
