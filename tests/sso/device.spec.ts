import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import { createBrowse } from '#tests/sso/browse.ts';
import { createRelyingParty, giveName, type RelyingParty } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('A device without a keyboard (RFC 8628)', () => {
  let signOn: SignOn;
  let person: Person;
  let device: RelyingParty;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    device = await createRelyingParty(signOn, 'meeting-room', { device: true, public: true });
  });
  after(() => signOn.stop());

  /** The hub sets the pace (5 s); a spec need not wait. */
  const begin = async () => ({
    ...(await oidc.initiateDeviceAuthorization(device.config, { scope: 'openid profile' })),
    interval: 0,
  });
  const poll = (begun: oidc.DeviceAuthorizationResponse) =>
    oidc.pollDeviceAuthorizationGrant(device.config, begun);

  it('is signed in by a person who types its code elsewhere, and confirms it', async () => {
    const begun = await begin();
    const asked = oidc.genericGrantRequest(device.config, 'urn:ietf:params:oauth:grant-type:device_code', {
      device_code: begun.device_code,
    });
    await assert.rejects(asked, { error: 'authorization_pending' });
    const browse = createBrowse();
    const typed = await browse.submit(await browse.open(begun.verification_uri), {
      user_code: begun.user_code,
    });
    assert.ok(typed.text.includes(begun.user_code), 'shows the code for comparison');
    const signInPage = await browse.submit(typed, { confirm: 'yes' });
    const done = await giveName(browse, signInPage, person);
    assert.match(done.text, /Đã kết nối/);
    const tokens = await poll(begun);
    assert.equal(tokens.claims()!.sub, person.id);
    const about = await oidc.fetchUserInfo(device.config, tokens.access_token, person.id);
    assert.equal(about.name, person.name);
    await assert.rejects(poll(begun), { error: 'invalid_grant' }, 'once');
  });

  it('is told when the person refuses', async () => {
    const begun = await begin();
    const browse = createBrowse();
    const page = await browse.open(begun.verification_uri_complete!);
    const typed = await browse.submit(page, { user_code: begun.user_code });
    await browse.submit(typed, { abort: 'yes' });
    await assert.rejects(poll(begun), { error: 'access_denied' });
  });

  it('is not found by a wrong code', async () => {
    const browse = createBrowse();
    const page = await browse.open(`${signOn.origin}/sso/device`);
    const wrong = await browse.submit(page, { user_code: 'BBBB-BBBB' });
    assert.match(wrong.text, /Mã không đúng hoặc đã hết hạn/);
  });
});
