import type { App } from '#schemas/app.ts';

/**
 * An address that every reader of it understands alike: no user information, backslash, blank or control character, and
 * no `..` by which a browser would leave the path that was compared.
 */
const isPlain = (service: string): boolean =>
  service.length <= 2000 &&
  /^https?:\/\/[^/?#@]+(?:[/?#]|$)/.test(service) &&
  !/[^\x21-\x7e\u00a0-\u{10ffff}]|\\/u.test(service) &&
  !/\/(?:\.|%2e){1,2}(?:[/?#]|$)/i.test(service);

/** A prefix names a whole host: `http://a.b*` would also be the beginning of `http://a.b.evil`. */
const isWholePrefix = (entry: string): boolean => /^https?:\/\/[^/?#@*]+\/[^*]*\*$/.test(entry);

/** Whether an entry of an app's `cas.services` allows this address: equal, or its beginning when it ends in `*`. */
export const allowsService = (entry: string, service: string): boolean => {
  if (!isPlain(service)) return false;
  if (!entry.endsWith('*')) return entry === service;
  return isWholePrefix(entry) && service.startsWith(entry.slice(0, -1));
};

/** The app that an address belongs to, by the longest entry that allows it; undefined: nobody's. */
export const findCasApp = (apps: App[], service: string): App | undefined => {
  let best: { app: App; length: number } | undefined;
  for (const app of apps)
    for (const entry of app.signOn?.cas?.services ?? [])
      if (allowsService(entry, service) && entry.length > (best?.length ?? 0))
        best = { app, length: entry.length };
  return best?.app;
};

/** Whether a proxy callback is on a host that the app has registered: nothing else is ever called. */
export const isOwnCallback = (services: readonly string[], pgtUrl: string): boolean =>
  isPlain(pgtUrl) &&
  services.some(entry => new URL(entry.replace(/\*$/, '')).origin === new URL(pgtUrl).origin);
