import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** The request that a proxy asks about. */
export interface OriginalRequest {
  /** Where the person sees the app: scheme, host and port. */
  origin: string;
  /** Path and query; `/` when the proxy tells none. */
  path: string;
  /** Upper case; undefined when the proxy does not tell it. */
  method: string | undefined;
  /** nginx takes no redirect from a sub-request: it is told 401 and where to go. */
  redirects: boolean;
}

const one = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const parse = (text: string): URL | undefined => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' ? url : undefined;
};

/** Traefik and Caddy: `X-Forwarded-Method`, `-Proto`, `-Host`, `-Uri`. */
const readForwarded = (request: IncomingMessage): OriginalRequest | undefined => {
  const [proto, host] = [one(request, 'x-forwarded-proto'), one(request, 'x-forwarded-host')];
  if (proto === undefined || host === undefined || /[\s,/\\?#@]/.test(host)) return undefined;
  const uri = one(request, 'x-forwarded-uri') ?? '/';
  const url = uri.startsWith('/') ? parse(`${proto}://${host}${uri}`) : undefined;
  const method = one(request, 'x-forwarded-method')?.toUpperCase();
  return url && { origin: url.origin, path: url.pathname + url.search, method, redirects: true };
};

/** nginx, by our sample: `X-Original-URL` and `X-Original-Method`. */
const readOriginal = (request: IncomingMessage): OriginalRequest | undefined => {
  const url = parse(one(request, 'x-original-url') ?? '');
  const method = one(request, 'x-original-method')?.toUpperCase();
  return url && { origin: url.origin, path: url.pathname + url.search, method, redirects: false };
};

/**
 * Reads what a trusted proxy tells of the request that it asks about; undefined when the peer is none, or nothing good is
 * told. A proxy passes on headers of the other dialect as the client sent them, so two that name different apps are
 * no word at all.
 */
export const createReadOriginal = (trustedProxies: string[]) => {
  const isTrusted = proxyAddr.compile(trustedProxies);
  return (request: IncomingMessage): OriginalRequest | undefined => {
    if (!isTrusted(request.socket.remoteAddress ?? '', 0)) return undefined;
    const dialects = [
      request.headers['x-original-url'] === undefined ? [] : [readOriginal(request)],
      request.headers['x-forwarded-host'] === undefined ? [] : [readForwarded(request)],
    ].flat();
    const [first] = dialects;
    return dialects.every(told => told !== undefined && told.origin === first?.origin) ? first : undefined;
  };
};
