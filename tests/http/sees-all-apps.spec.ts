import assert from 'node:assert/strict';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import { seesAllApps } from '#hub/platform/http/sees-all-apps.ts';
import { issueOwnToken } from '#sso/keys/issue-own-token.ts';

describe('Who acts for every app', () => {
  it('is the IT centre, and no app', () => {
    assert.equal(seesAllApps({ clientId: 'centre', scopes: ['admin'] }), true);
    assert.equal(seesAllApps({ clientId: 'portal-1', scopes: ['documents.exchange'] }), false);
  });
  it('is the flows of the hub, by the token that they get', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'test' };
    const keys = { inUse: async () => ({ jwks: [jwk] }) };
    const { token } = await issueOwnToken(keys as never, 'http://localhost', 'flows');
    const { client_id: clientId, scope } = decodeJwt(token);
    assert.equal(seesAllApps({ clientId: String(clientId), scopes: [] }), true);
    assert.ok(String(scope).split(' ').includes('documents.exchange'));
  });
});
