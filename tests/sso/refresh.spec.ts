import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import { createBrowse } from '#tests/sso/browse.ts';
import { createRelyingParty, type RelyingParty } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('Refresh tokens', () => {
  let signOn: SignOn;
  let person: Person;
  let app: RelyingParty;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    app = await createRelyingParty(signOn, 'mobile', { refresh: true });
  });
  after(() => signOn.stop());

  const scope = 'openid profile offline_access';
  const signIn = (who = person, rp = app) => rp.signIn(createBrowse(['http://app.test/']), who, { scope });
  const refresh = (token: string | undefined) => oidc.refreshTokenGrant(app.config, token!);
  const refused = { error: 'invalid_grant' };

  it('are given to clients that may have them and ask, and change at every use', async () => {
    const first = await signIn();
    const second = await refresh(first.refresh_token);
    assert.equal(second.claims()!.sub, person.id);
    assert.notEqual(second.refresh_token, first.refresh_token);
    const third = await refresh(second.refresh_token);
    assert.ok((await oidc.fetchUserInfo(app.config, third.access_token, person.id)).name);
    const plain = await createRelyingParty(signOn, 'plain');
    assert.equal((await signIn(person, plain)).refresh_token, undefined);
  });

  it('end all at once when a used one comes again: somebody has stolen it', async () => {
    const first = await signIn();
    const second = await refresh(first.refresh_token);
    await assert.rejects(refresh(first.refresh_token), refused);
    await assert.rejects(refresh(second.refresh_token), refused, 'the one that the thief or the owner has');
    await assert.rejects(oidc.fetchUserInfo(app.config, second.access_token, person.id));
  });

  it('are used by one of many who come at the same moment', async () => {
    const { refresh_token: token } = await signIn();
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => refresh(token)));
    assert.ok(outcomes.filter(({ status }) => status === 'fulfilled').length <= 1);
  });

  it('end with the person, and with the session', async () => {
    const leaver = await signOn.hire('Lê Văn Cường');
    const theirs = await signIn(leaver);
    await signOn.setStatus(leaver, 'left');
    await assert.rejects(refresh(theirs.refresh_token), refused);

    const browse = createBrowse(['http://app.test/']);
    const own = await app.signIn(browse, person, { scope });
    const { href } = oidc.buildEndSessionUrl(app.config, { id_token_hint: own.id_token! });
    await browse.submit(await browse.open(href), { logout: 'yes' });
    await assert.rejects(refresh(own.refresh_token), refused);
  });

  it('are ended by their client (RFC 7009)', async () => {
    const { refresh_token: token } = await signIn();
    await oidc.tokenRevocation(app.config, token!);
    await assert.rejects(refresh(token), refused);
  });
});
