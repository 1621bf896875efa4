import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';

describe('The first-look page, in a browser', function () {
  this.timeout(120_000);
  let embedded: EmbeddedHub;
  let browser: Browser | undefined;
  before(async () => {
    embedded = await embeddedHub();
  });
  afterEach(() => browser?.close());

  const open = async (
    options: Parameters<typeof openBrowser>[0],
  ): Promise<Page & { complaints: string[] }> => {
    browser = await openBrowser(options);
    const page = Object.assign(await browser.context.newPage(), { complaints: [] as string[] });
    page.on('console', message => message.type() === 'error' && page.complaints.push(message.text()));
    page.on('pageerror', error => page.complaints.push(error.message));
    await page.goto(embedded.hub.origin);
    await page.locator('#apps tr').nth(5).waitFor();
    return page;
  };

  it('shows the six apps with their state in Vietnamese, and complains of nothing', async () => {
    const page = await open({ locale: 'vi-VN' });
    assert.equal(await page.locator('html').getAttribute('lang'), 'vi');
    assert.equal(await page.locator('#apps tr').count(), 6);
    await page.getByText('trực tiếp').waitFor();
    assert.match(await page.locator('thead').first().innerText(), /Thành công gần nhất/);
    assert.doesNotMatch(await page.content(), /\{\{|undefined/);
    assert.deepEqual(page.complaints, []);
  });

  it('shows a change as it flows to the apps, without a reload', async () => {
    const page = await open({ locale: 'vi-VN' });
    const { code } = await embedded.hub.act({ action: 'hire' });
    const joined = page
      .locator('#changes tr', { hasText: `…${code.slice(-3)}` })
      .filter({ hasText: 'Tiếp nhận' });
    await joined.getByText('mail ✔').waitFor({ timeout: 20_000 });
    assert.ok(!(await page.content()).includes(code), 'the page tells the whole code of a person');
  });

  it('speaks English to those who prefer it, fits a phone and follows its dark mode', async () => {
    const page = await open({ locale: 'en-GB', colorScheme: 'dark', width: 390 });
    await page.getByText('API docs').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    // Text, not a function: specs know no browser's types.
    const { wide, dark } = await page.evaluate<{ wide: boolean; dark: boolean }>(
      `({
        wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
        dark: getComputedStyle(document.documentElement).colorScheme.includes('dark') &&
          matchMedia('(prefers-color-scheme: dark)').matches,
      })`,
    );
    assert.deepEqual({ wide, dark }, { wide: false, dark: true });
  });
});
