import assert from 'node:assert/strict';
import * as oidc from 'openid-client';
import type { Page } from 'playwright-core';
import { checkPage } from '#tests/sso/check-page.ts';
import { createRelyingParty, type RelyingParty } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';
import { signInAt } from '#tests/support/sign-in-at.ts';

const longName = 'Hệ thống quản lý văn bản và điều hành tác nghiệp tỉnh Thừa Thiên Huế';

describe('The pages of the sign-on, in a browser', function () {
  this.timeout(180_000);
  let signOn: SignOn;
  let person: Person;
  let device: RelyingParty;
  let theirs: RelyingParty;
  let browser: Browser | undefined;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire('Nguyễn Phước Hoàng Bảo Ngọc');
    await signOn.hub.call('sso.set-roles', { staffId: person.id, roles: ['it-centre'], actor: 'test' });
    const own = { redirectUris: ['http://app.test/callback'] };
    const launch = (name: string) => ({
      app: { name, signOn: { launchUrl: 'http://app.test/' } },
    });
    await signOn.client('documents', own, launch(longName));
    await signOn.client('mail', own, launch('Thư điện tử'));
    device = await createRelyingParty(signOn, 'meeting-room', { device: true, public: true });
    theirs = await createRelyingParty(signOn, 'bank', { thirdParty: true });
  });
  after(() => signOn.stop());
  afterEach(() => browser?.close());

  const at = (path: string) => signOn.origin + path;
  const open = async (options: Parameters<typeof openBrowser>[0]) => {
    browser = await openBrowser(options);
    const page = await browser.context.newPage();
    const complaints: string[] = [];
    page.on('console', message => {
      // A page that says that something failed has that status, which the browser notes.
      if (message.type() === 'error' && !/the server responded with a status of 4/.test(message.text()))
        complaints.push(message.text());
    });
    return { page, complaints };
  };
  const submit = (page: Page) => page.locator('main button[type=submit]').first().click();

  for (const locale of ['vi', 'en'] as const)
    it(`are readable for everybody, on every screen, in ${locale}`, async () => {
      const { page, complaints } = await open({ locale });
      const check = async (name: string) => {
        assert.equal(await page.locator('html').getAttribute('lang'), locale);
        assert.doesNotMatch(await page.locator('body').innerText(), /\b(sso|undefined)\b|\{/);
        await checkPage(page, `${locale}-${name}`);
      };
      await page.goto(at('/'));
      await check('sign-in');
      await page.locator('#username').fill(person.username);
      await page.locator('#password').fill('wrong');
      await submit(page);
      await page.locator('#problem').waitFor();
      await check('sign-in-problem');
      await signInAt(page, person);
      await page.locator('.apps').waitFor();
      await check('my-apps');

      await page.goto((await theirs.begin()).url);
      await check('consent');
      await page.goto(at('/sso/auth?client_id=nobody-knows'));
      await check('error');

      const begun = await oidc.initiateDeviceAuthorization(device.config, { scope: 'openid' });
      await page.goto(begun.verification_uri);
      await check('user-code');
      await page.locator('#user_code').fill('BBBB-BBBB');
      await submit(page);
      await page.locator('.problem').waitFor();
      await check('user-code-problem');
      await page.locator('#user_code').fill(begun.user_code);
      await submit(page);
      await page.locator('.code').waitFor();
      await check('confirm-device');
      await submit(page);
      await page.locator('.code').waitFor({ state: 'detached' });
      await check('device-done');

      await page.goto(at('/sso/session/end'));
      await check('sign-out');
      await submit(page);
      await page.locator('a.button').waitFor();
      await check('signed-out');
      assert.deepEqual(complaints, []);
    });

  it('work without JavaScript, from the sign-in to the apps', async () => {
    const { page } = await open({ locale: 'vi', javaScriptEnabled: false });
    await page.goto(at('/'));
    await signInAt(page, person);
    await page.getByRole('link', { name: longName }).waitFor();
    await page.goto(at('/sso/session/end'));
    await submit(page);
    await page.getByText('Đã đăng xuất').first().waitFor();
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await open({ locale: 'vi' });
    await page.goto(at('/'));
    await page.locator('#username:focus').waitFor();
    await page.keyboard.type(person.username);
    await page.keyboard.press('Tab');
    await page.locator('#password:focus').waitFor();
    await page.keyboard.type(person.password);
    await page.keyboard.press('Enter');
    await page.locator('.apps').waitFor();
  });
});
