import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';
import { signInAt } from '#tests/support/sign-in-at.ts';
import { type EmbeddedHub, embeddedHub } from './embedded-hub.ts';

const flow = 'thong-bao-dung-don-vi';
const count = 1000;

/** The day of somebody of the IT centre, in a browser, on a hub as it starts. */
describe('A flow of the library, by hand', function () {
  this.timeout(300_000);
  let embedded: EmbeddedHub;
  let browser: Browser;
  let page: Page;
  before(async () => {
    embedded = await embeddedHub();
    browser = await openBrowser({ locale: 'vi-VN', width: 1400 });
    page = await browser.context.newPage();
  });
  after(() => browser.close());

  const panel = (id: string) => page.locator(`#lienthong-${id}`);
  const button = (within: string, text: string) => panel(within).locator('button', { hasText: text }).first();

  it('opens at /flows/ for who is signed in, and shows the flow', async () => {
    const { hub } = embedded;
    await page.goto(`${hub.origin}/`);
    await signInAt(page, hub.people[0]!);
    await waitUntil(
      'the editor is there',
      async () => {
        await page.goto(`${hub.origin}/flows/#flow/${flow}`);
        return (await page.locator('#red-ui-header-button-deploy').count()) > 0;
      },
      { withinMs: 60_000, everyMs: 1000 },
    );
    await page.locator('.red-ui-flow-node', { hasText: 'Thông báo gửi đến' }).waitFor();
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  });

  it('is changed, and its cases pass before it is deployed', async () => {
    await page.locator('.red-ui-flow-node', { hasText: 'Xong' }).last().dblclick();
    await page.locator('#node-input-name').fill('Đã gửi xong');
    await page.locator('#node-dialog-ok').click();
    await page.locator('#node-input-name').waitFor({ state: 'detached' });
    await page.evaluate(() =>
      (globalThis as unknown as { RED: { sidebar: { show(id: string): void } } }).RED.sidebar.show(
        'lienthong',
      ),
    );
    await page.locator('#lienthong-run-cases').click();
    await panel('cases').locator('.good').first().waitFor({ timeout: 60_000 });
    assert.equal(await panel('cases').locator('.bad').count(), 0, await panel('cases').innerText());
    assert.ok((await panel('cases').locator('.good').count()) >= 3);
  });

  it('is deployed, and the side bar tells who changed what', async () => {
    await page.locator('#red-ui-header-button-deploy').click();
    await page.locator('.red-ui-notification', { hasText: 'phiên bản mới' }).first().waitFor();
    await panel('versions').locator('li', { hasText: 'Phiên bản 2' }).waitFor();
    const version = await panel('versions').locator('li').first().innerText();
    assert.match(version, /đang chạy thử/);
    assert.doesNotMatch(version.split('\n')[0]!, /Liên Thông/, 'the author is a person');
    await button('versions', 'Xem khác biệt').click();
    const difference = panel('versions').locator('.lienthong-difference').first();
    await difference.waitFor();
    assert.match(await difference.innerText(), /Đã gửi xong/);
  });

  it(`does each of ${count} messages once in effect, though its process and the hub are killed in the middle`, async () => {
    const { hub } = embedded;
    const { items: people } = await hub.get<{ items: { positions: { unitCode: string }[] }[] }>(
      '/api/v1/staff',
    );
    const [from, to] = [...new Set(people.flatMap(({ positions }) => positions.map(post => post.unitCode)))];
    const runner = async (): Promise<number> => {
      await page
        .locator('.red-ui-sidebar-header button, #red-ui-sidebar button', { hasText: 'Xem lại' })
        .first()
        .click();
      const text = await panel('runners').innerText();
      return Number(/pid (\d+)/.exec(text)?.[1] ?? 0);
    };
    await waitUntil(
      'version 2 to run',
      async () => {
        await runner();
        return /Phiên bản 2/.test(await panel('runners').innerText());
      },
      { withinMs: 60_000, everyMs: 500 },
    );
    const send = async (nr: number): Promise<void> => {
      const payload = {
        id: `tb-${nr}`,
        ...{
          from,
          to: [to],
          internal: false,
          subject: `Thông báo ${nr}`,
          text: 'Họp giao ban',
        },
      };
      const answer = await hub.ask(`/api/v1/flows/${flow}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `tb-${nr}` },
        body: JSON.stringify({ node: `${flow}-vao`, payload }),
      });
      assert.equal(answer.status, 202, await answer.text());
    };
    type Shown = { maLienThong?: string };
    const shown = async (): Promise<string[]> => {
      const rows = await fetch(`${embedded.hub.apps['operations-page']}/_state/thong-bao`).catch(
        () => undefined,
      );
      const all = rows === undefined ? [] : ((await rows.json()) as Shown[]);
      return all.map(({ maLienThong = '' }) => maLienThong).filter(id => /^tb-\d+$/.test(id));
    };
    for (let nr = 0; nr < count; nr += 50)
      await Promise.all(Array.from({ length: 50 }, (_, at) => send(nr + at)));
    await waitUntil('some are sent', async () => (await shown()).length > 100, { withinMs: 60_000 });
    const pid = await runner();
    assert.ok(pid > 0);
    process.kill(pid, 'SIGKILL');
    await waitUntil('others go on', async () => (await shown()).length > 300, { withinMs: 60_000 });
    // And the hub itself, with all that it runs.
    await hub.kill();
    const again = await embedded.restart();
    await waitUntil('all are sent', async () => (await shown()).length >= count, { withinMs: 200_000 });
    const told = await shown();
    assert.equal(told.length, count);
    assert.equal(new Set(told).size, count);
    const { items: dead } = await again.get<{ items: unknown[] }>(`/api/v1/flows/dead-letters?flow=${flow}`);
    assert.deepEqual(dead, []);
  });
});
