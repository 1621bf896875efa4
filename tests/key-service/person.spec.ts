import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import createKeyService from '#hub/key-service/key-service.service.ts';
import { hashOf, pin } from '#tests/key-service/start-key-service.ts';
import { codeOf, waitForNextCode } from '#tests/sso/authenticator.ts';
import { createRelyingParty, newBrowser } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('A person who signed in, at the key service', () => {
  let folder: string;
  let signOn: SignOn;
  let person: Person;
  let secret: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lienthong-token-'));
    signOn = await startSignOn({ parts: [createKeyService], config: { dataDir: folder } });
    person = await signOn.hire('Trần Thị Bình');
  });
  after(async () => {
    await signOn.stop();
    rmSync(folder, { recursive: true });
  });

  it('chooses a PIN and gives leave with codes of their own authenticator, each good once', async () => {
    const { hub, origin } = signOn;
    const program = await createRelyingParty(signOn, 'ky-so', {}, { scopes: ['signing.sign', 'admin'] });
    const { access_token: token } = await program.signIn(newBrowser(), person, {
      scope: 'openid signing.sign admin',
      resource: origin,
    });
    ({ secret } = await hub.call('sso.give-totp', { staffId: person.id, name: 'Điện thoại', actor: 'test' }));
    const made = await hub.call('key-service.create', {
      ...{ staffId: person.id, subject: { CN: person.name }, algorithm: 'ec-p256' as const, actor: 'test' },
    });
    const post = (path: string, body: object) =>
      fetch(origin + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const choose = (otp: string, current = made.code!) =>
      post(`/api/v1/signing/credentials/${made.credentialId}/pin`, { current, pin, otp });
    const otp = codeOf(secret);
    assert.equal((await choose('000000')).status, 403);
    assert.equal((await choose(otp)).status, 204);
    assert.equal((await choose(otp, pin)).status, 403);
    await waitForNextCode(signOn, person);
    const listed = await post('/csc/v2/credentials/list', {});
    // Without a certificate it is nobody's to see there.
    assert.deepEqual(await listed.json(), { credentialIDs: [] });
    const refused = await post('/csc/v2/credentials/authorize', {
      ...{ credentialID: made.credentialId, numSignatures: 1, hashes: [hashOf('a')], PIN: pin },
      OTP: codeOf(secret),
    });
    assert.equal(refused.status, 400);
    const admin = await fetch(`${origin}/api/v1/signing/credentials`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(admin.status, 403);
  });
});
