import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';
import { signInAt } from '#tests/support/sign-in-at.ts';
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
    await page.goto(`${embedded.hub.origin}/console`);
    await signInAt(page, embedded.hub.people[0]!);
    await page.locator('#apps tr').nth(7).waitFor();
    return page;
  };

  it('shows the apps, the document axis and the signing service with their state in Vietnamese, and complains of nothing', async () => {
    const page = await open({ locale: 'vi-VN' });
    assert.equal(await page.locator('html').getAttribute('lang'), 'vi');
    assert.equal(await page.locator('#apps tr').count(), 8);
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

  it('says faults in words, the day of what is not of today, and who waits for a file', async () => {
    const page = await open({ locale: 'vi-VN' });
    const shown = {
      staff: { total: 1, active: 1 },
      apps: [
        {
          id: 'hr',
          name: 'Nhân sự',
          state: 'ok',
          queue: 0,
          unfiled: 7,
          dead: 0,
          accounts: 3,
          lastSuccessAt: '2020-02-03T04:05:06.000Z',
          lastErrorAt: new Date().toISOString(),
          lastError: 'timed-out',
        },
      ],
      readers: [{ id: 'thi-dua', name: 'Thi đua', enabled: false }],
      changes: [],
    };
    await page.route('**/console/live', route =>
      route.fulfill({ contentType: 'text/event-stream', body: `data: ${JSON.stringify(shown)}\n\n` }),
    );
    await page.reload();
    await page.getByText('0 (7 người chờ hồ sơ)').waitFor();
    const cells = page.locator('#apps td');
    assert.match(await cells.nth(5).innerText(), /2020/);
    assert.match(await cells.nth(6).innerText(), /^[\d:]+ trả lời quá chậm$/);
    assert.match(await page.locator('#readers').innerText(), /Thi đua \(đã tắt\)$/);
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
