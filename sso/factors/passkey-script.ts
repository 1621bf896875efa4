import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Router from '@koa/router';
import { sha256Text } from '#sso/sha-256.ts';

const library = dirname(createRequire(import.meta.url).resolve('@simplewebauthn/browser'));
const files = [
  // The library as one file that pages can load.
  join(library, '..', 'dist', 'bundle', 'index.umd.min.js'),
  join(import.meta.dirname, 'passkey.js'),
];
const script = files.map(file => readFileSync(file, 'utf8')).join('\n');
const version = sha256Text(script).slice(0, 12);

/** Where pages with a passkey find their script: its digest is in the address, so it may be kept for ever. */
export const passkeyScriptPath = `/sso/passkey-${version}.js`;

export const passkeyScriptRoutes = (): Router => {
  const router = new Router({ sensitive: true, strict: true });
  router.get(passkeyScriptPath.slice('/sso'.length), ctx => {
    ctx.set('cache-control', 'public, max-age=31536000, immutable');
    ctx.type = 'text/javascript';
    ctx.body = script;
  });
  return router;
};
