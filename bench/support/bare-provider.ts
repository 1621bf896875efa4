import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

// A process of its own: the bare library with its memory adapter, as its quick start has it. Says its origin over IPC.

const server = createServer();
server.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: 'k' };
  const provider = new Provider(origin, {
    jwks: { keys: [key as never] },
    cookies: { keys: ['bench'] },
    clients: [
      {
        client_id: 'bench',
        client_secret: 'bench-secret-bench-secret-bench-secret',
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      },
    ],
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    scopes: ['openid', 'hr.read'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: async () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: async ctx => (ctx.oidc.body?.opaque === undefined ? 'urn:hub' : 'urn:app'),
        getResourceServerInfo: async (_ctx, resource) => ({
          scope: 'hr.read',
          audience: resource,
          accessTokenTTL: 300,
          accessTokenFormat: resource === 'urn:hub' ? 'jwt' : 'opaque',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  });
  server.on('request', provider.callback());
  process.send?.({ origin });
});
process.on('disconnect', () => process.exit(0));
