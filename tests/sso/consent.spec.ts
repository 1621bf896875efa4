import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import { createBrowse } from '#tests/sso/browse.ts';
import { createRelyingParty, giveName, type RelyingParty } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe("Somebody else's software", () => {
  let signOn: SignOn;
  let person: Person;
  let theirs: RelyingParty;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    theirs = await createRelyingParty(signOn, 'bank', { thirdParty: true });
  });
  after(() => signOn.stop());

  const browser = () => createBrowse(['http://app.test/']);
  const scope = 'openid profile';

  it('learns who somebody is only after they agreed, and asks once', async () => {
    const browse = browser();
    const { url, verifier } = await theirs.begin({ scope });
    const question = await giveName(browse, await browse.open(url), person);
    assert.match(question.text, /phần mềm bên ngoài/);
    assert.match(question.text, /họ tên và tên đăng nhập/);
    assert.doesNotMatch(question.text, /đơn vị và chức vụ/);
    const tokens = await theirs.finish(await browse.submit(question, { answer: 'yes' }), verifier);
    const about = await oidc.fetchUserInfo(theirs.config, tokens.access_token, person.id);
    assert.equal(about.name, person.name);
    assert.equal(about.staff_code, undefined);

    const again = await theirs.begin({ scope });
    assert.match((await browse.open(again.url)).url, /code=/);
    const more = await theirs.begin({ scope: 'openid profile staff' });
    const wider = await browse.open(more.url);
    assert.match(wider.text, /đơn vị và chức vụ/, 'what was not agreed to is asked for');
  });

  it('learns nothing of whoever refuses', async () => {
    const browse = browser();
    const { url } = await theirs.begin({ scope });
    const question = await giveName(browse, await browse.open(url), await signOn.hire('Lê Văn Cường'));
    const came = await browse.submit(question, { answer: 'no' });
    assert.match(came.url, /^http:\/\/app\.test\/callback\?error=access_denied/);
  });

  it('acts for somebody at the API, and while they are away, only after they agreed to that', async () => {
    const signing = await createRelyingParty(
      signOn,
      'signer',
      { thirdParty: true, refresh: true },
      { scopes: ['signing.request', 'admin'] },
    );
    const browse = browser();
    const { url, verifier } = await signing.begin({
      scope: 'openid offline_access signing.request admin',
      resource: signOn.origin,
      prompt: 'consent',
    });
    const question = await giveName(browse, await browse.open(url), person);
    assert.match(question.text, /quyền signing\.request/);
    assert.match(question.text, /truy cập cả khi bạn không mở phần mềm/);
    assert.doesNotMatch(question.text, /quyền admin/, 'the person has no such right');
    const tokens = await signing.finish(await browse.submit(question, { answer: 'yes' }), verifier, {
      resource: signOn.origin,
    });
    assert.equal(tokens.scope, 'signing.request');
    assert.ok(tokens.refresh_token);
  });

  it('is not agreed to by a form of another site', async () => {
    const browse = browser();
    const { url } = await theirs.begin({ scope });
    const question = await giveName(browse, await browse.open(url), await signOn.hire('Phạm Thị Dung'));
    const forged = await browse.submit(question, { answer: 'yes', csrf: 'guess' });
    assert.equal(forged.status, 400);
  });
});
