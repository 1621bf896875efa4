import assert from 'node:assert/strict';
import { createDirectives } from '#sandbox/directives/directives.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { startAuthProxy } from '#sandbox/kit/auth-proxy.ts';
import { signOnOf } from '#sandbox/sign-on.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';

describe('A real browser at an app behind a proxy', () => {
  let signOn: SignOn;
  let person: Person;
  let app: RunningApp;
  let proxy: Awaited<ReturnType<typeof startAuthProxy>>;
  let browser: Browser;
  let origin: string;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire('Hồ Thị Giang');
    const hubOrigin = signOn.origin;
    const credentials = { username: 'lienthong', password: 'mật khẩu' };
    app = await serveApp(createDirectives({ accounts: [], credentials, hubOrigin }));
    proxy = await startAuthProxy({ appOrigin: app.origin, hubOrigin });
    // Another host name than the hub's, as in life: cookies and the page's rules see two sites.
    origin = proxy.origin.replace('127.0.0.1', 'localhost');
    await signOn.app('directives', {
      attributes: ['username', 'name'],
      signOn: signOnOf.directives!(origin, hubOrigin),
    });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await proxy?.stop();
    await app?.stop();
    await signOn?.stop();
  });

  it('comes through the sign-in to the page that was asked for; once signed out, its scripts get 401 and its pages the sign-in', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${origin}/viec?trang=2`);
    await page.fill('input[name=username]', person.username);
    await page.fill('input[name=password]', person.password);
    await page.click('button[type=submit]');
    await page.waitForURL(`${origin}/viec?trang=2`);
    assert.match(await page.innerText('body'), /Hồ Thị Giang/);
    const status = () => page.evaluate(async () => (await fetch('/du-lieu')).status);
    assert.equal(await status(), 200);

    const hub = await browser.context.newPage();
    await hub.goto(`${signOn.origin}/sso/session/end`);
    await hub.click('button[name=logout]');
    await hub.waitForURL(/\/session\/end\/success/);
    assert.equal(await status(), 401);
    await page.reload();
    assert.ok(page.url().startsWith(`${signOn.origin}/sso/interaction/`), page.url());
  });
});
