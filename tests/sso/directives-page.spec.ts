import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { createDirectives } from '#sandbox/directives/directives.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { startAuthProxy } from '#sandbox/kit/auth-proxy.ts';
import { signOnOf } from '#sandbox/sign-on.ts';
import { createAppBrowser } from '#tests/sso/behind-proxy.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('The directive software behind its proxy', () => {
  let signOn: SignOn;
  let person: Person;
  let app: RunningApp;
  let proxy: Awaited<ReturnType<typeof startAuthProxy>>;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire('Hồ Thị <b>Ánh</b>');
    const hubOrigin = signOn.origin;
    const credentials = { username: 'lienthong', password: 'mật khẩu' };
    app = await serveApp(createDirectives({ accounts: [], credentials, hubOrigin }));
    proxy = await startAuthProxy({ appOrigin: app.origin, hubOrigin });
    await signOn.app('directives', {
      attributes: ['username', 'name', 'unitCode'],
      signOn: signOnOf.directives!(proxy.origin, hubOrigin),
    });
  });
  after(async () => {
    await proxy?.stop();
    await app?.stop();
    await signOn?.stop();
  });

  it('is opened from "my apps" by the same sign-in, and greets who it is', async () => {
    const browse = createAppBrowser(signOn);
    const launcher = await browse.signIn(await browse.open(`${signOn.origin}/`), person);
    const launch = /<ul class="apps">[\s\S]*?href="([^"]*)"/.exec(launcher.text)?.[1];
    assert.equal(launch, `${proxy.origin}/`);
    const page = await browse.open(launch);
    assert.equal(page.status, 200);
    assert.ok(page.text.includes('Hồ Thị &lt;b&gt;Ánh&lt;/b&gt;'), page.text);
    assert.ok(page.text.includes(person.username));

    await sql`delete from oidc_record where model = 'Session'`.execute(signOn.hub.db);
    const script = { headers: { 'sec-fetch-mode': 'cors' } };
    assert.equal((await browse.ask(`${proxy.origin}/`, script)).status, 401, 'ended is ended');
  });

  it('believes no header that did not come through its proxy', async () => {
    const headers = { 'x-auth-staff-id': person.id, 'x-auth-user': person.username, 'x-auth-jwt': 'x.y.z' };
    const browse = createAppBrowser(signOn);
    assert.equal((await browse.ask(`${app.origin}/`, { headers })).status, 401);
    const through = await browse.ask(`${proxy.origin}/`, { method: 'POST', headers });
    assert.equal(through.status, 401);
  });
});
