import assert from 'node:assert/strict';
import { createBrowse } from '#tests/sso/browse.ts';
import { type CasApp, getTicket, loginUrl, startCasApp } from '#tests/sso/cas/start-cas-app.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('Signing in to a CAS app', () => {
  let signOn: SignOn;
  let person: Person;
  let app: CasApp;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    app = await startCasApp(signOn, 'documents');
  });
  after(async () => {
    await app.stop();
    await signOn.stop();
  });
  const setEnabled = (enabled: boolean) =>
    signOn.hub.call('apps.put', { app: { id: app.id, enabled }, actor: 'test' });
  /** One step, not followed. */
  const open = (url: string, headers: Record<string, string> = {}) =>
    fetch(url, { redirect: 'manual', headers: { accept: 'text/html', ...headers } });
  const explains = async (answer: Response, words: RegExp): Promise<void> => {
    assert.equal(answer.headers.get('location'), null);
    const text = await answer.text();
    assert.match(text, words);
    assert.ok(text.includes(answer.headers.get('x-request-id')!), 'a reference number');
  };

  it('asks for the password once for all apps, and comes back to the service as it was sent', async () => {
    const second = await startCasApp(signOn, 'second', { services: origin => [`${origin}/x?*`] });
    const browse = createBrowse([app.origin, second.origin]);
    await getTicket(signOn, browse, person, app.service);
    const service = `${second.origin}/x?q=%C4%91%20+&b=1`;
    const there = await browse.open(loginUrl(signOn, service));
    assert.match(there.url, /\?q=%C4%91%20\+&b=1&ticket=ST-[a-z0-9]+$/);
    const ticket = new URL(there.url).searchParams.get('ticket')!;
    const { text } = await second.ask('serviceValidate', { service, ticket });
    assert.match(text, /authenticationSuccess/);
    await second.stop();
  });

  it('shows a page for an address that no app has, and leads nowhere', async () => {
    for (const service of [
      'http://evil.test/app',
      `${app.service}.evil.test/`,
      `${app.service}/`,
      app.service.replace('//', '//evil@'),
      `${app.service}\r\nx: y`,
      'javascript:alert(1)',
      '',
    ]) {
      const answer = await open(loginUrl(signOn, service));
      assert.equal(answer.status, 403, service);
      await explains(answer, /chưa được đăng ký/);
    }
    const twice = await open(`${loginUrl(signOn, app.service)}&service=http://evil.test/`);
    assert.equal(twice.status, 403);
  });

  it('goes to the first page when no service is named', async () => {
    const answer = await open(`${signOn.origin}/cas/login`);
    assert.equal(answer.headers.get('location'), '/');
  });

  it('refuses an app that is switched off: at the start, on the way, and when a ticket comes back', async () => {
    const browse = createBrowse([app.origin]);
    const ticket = await getTicket(signOn, browse, person, app.service);
    const another = createBrowse([app.origin]);
    const page = await another.open(loginUrl(signOn, app.service));
    await setEnabled(false);
    await explains(await open(loginUrl(signOn, app.service)), /đang tạm ngừng/);
    const { text } = await app.ask('serviceValidate', { service: app.service, ticket });
    assert.match(text, /code="UNAUTHORIZED_SERVICE"/);
    const { username, password } = person;
    const stopped = await another.submit(page, { username, password });
    assert.ok(stopped.url.startsWith(signOn.origin) && stopped.status >= 400, stopped.url);
    await setEnabled(true);
  });

  it('does not begin a sign-in anew when the sign-on refuses: the reason is told, once', async () => {
    const begun = await open(loginUrl(signOn, app.service));
    const cookie = begun.headers
      .getSetCookie()
      .map(one => one.split(';')[0])
      .join('; ');
    const state = new URL(begun.headers.get('location')!).searchParams.get('state')!;
    const callback = `${signOn.origin}/cas/callback?${new URLSearchParams({ state, error: 'access_denied' })}`;
    const refused = await open(callback, { cookie });
    assert.equal(refused.status, 400);
    await explains(refused, /không được mở ứng dụng này/);
    assert.equal((await open(callback)).status, 400, 'nor for a browser that did not begin');
  });

  it('gives no ticket to a browser that comes back with the code of another', async () => {
    const browse = createBrowse([app.origin, `${signOn.origin}/cas/callback`]);
    const page = await browse.open(loginUrl(signOn, app.service));
    const { username, password } = person;
    const there = await browse.submit(page, { username, password });
    assert.match(there.url, /\/cas\/callback\?.*code=/);
    await explains(await open(there.url), /./);
  });
});
