import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';
import { signInAt } from '#tests/support/sign-in-at.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';

describe('One password a day, in a browser', function () {
  this.timeout(180_000);
  let embedded: EmbeddedHub;
  let browser: Browser;
  let page: Page;
  let name: string;
  /** The apps of the page "my apps", by name. */
  let apps: { app: string; url: string }[];

  before(async () => {
    embedded = await embeddedHub();
    browser = await openBrowser();
    page = await browser.context.newPage();
  });
  after(() => browser?.close());

  it('opens "my apps" with it, where the person is greeted by name', async () => {
    await page.goto(embedded.hub.origin);
    await signInAt(page, embedded.hub.people.at(-1)!);
    name = (await page.locator('h1').innerText()).replace('Xin chào, ', '');
    assert.ok(name.includes(' '), name);
    const links = await page.locator('.apps a').all();
    apps = await Promise.all(
      links.map(async link => ({ app: await link.innerText(), url: (await link.getAttribute('href'))! })),
    );
    assert.ok(apps.length >= 2, 'the operations page and the portal at least');
  });

  it('opens every app from there, without another one, and each knows who came', async () => {
    for (const { app, url } of apps) {
      await page.goto(embedded.hub.origin);
      await page.getByRole('link', { name: app, exact: true }).click();
      await page
        .getByText(name, { exact: true })
        .first()
        .waitFor({ timeout: 15_000 })
        .catch(async () => assert.fail(`${app} (${page.url()}): ${await page.locator('body').innerText()}`));
      if (!url.startsWith(embedded.hub.origin)) assert.equal(new URL(page.url()).origin, new URL(url).origin);
      assert.equal(await page.locator('input[type=password]').count(), 0, app);
    }
  });

  it('is asked for again by each after signing out of one everywhere', async () => {
    await page.goto(embedded.hub.apps.portal!);
    await page.getByRole('button', { name: 'Đăng xuất' }).click();
    await page.getByRole('button', { name: 'Đăng xuất khỏi tất cả' }).click();
    await page.getByText('Đã đăng xuất').first().waitFor();
    for (const { app, url } of apps) {
      await page.goto(url);
      await page
        .locator('input[type=password]')
        .waitFor({ timeout: 15_000 })
        .catch(async () => assert.fail(`${app} (${page.url()}): ${await page.locator('body').innerText()}`));
    }
  });
});
