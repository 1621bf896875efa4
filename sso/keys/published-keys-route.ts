import type { Middleware } from 'koa';
import type { ProviderKeys } from '#sso/keys/provider-keys.ts';

/** `/sso/jwks` from the database: every node publishes a new key the moment that one of them signs with it. */
export const publishedKeysRoute =
  (keys: ProviderKeys): Middleware =>
  async (ctx, next) => {
    if (ctx.path !== '/jwks' || ctx.method !== 'GET') return next();
    ctx.set('cache-control', 'public, max-age=300');
    ctx.type = 'application/jwk-set+json; charset=utf-8';
    ctx.body = JSON.stringify({ keys: await keys.published() });
  };
