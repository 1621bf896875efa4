import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { FlowContents } from '#schemas/flow.ts';
import { type Editing, startEditing } from '#tests/flows/start-editing.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';
import { signInAt } from '#tests/support/sign-in-at.ts';

describe('The flow editor, in a browser', function () {
  this.timeout(180_000);
  let editing: Editing;
  const browsers: Browser[] = [];
  before(async () => {
    editing = await startEditing();
    await editing.ready();
  });
  afterEach(async () => {
    for (const browser of browsers.splice(0)) await browser.close();
  });
  after(() => editing.stop());

  /** Signs in at the hub's first page, goes on to the editor by its link there, and waits for the canvas. */
  const open = async (person: Person, locale?: string) => {
    const browser = await openBrowser(locale === undefined ? {} : { locale });
    browsers.push(browser);
    const page = await browser.context.newPage();
    const complaints: string[] = [];
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(editing.at('/'));
    await signInAt(page, person);
    await page.locator('a[href="/flows/"]').click();
    await page.locator('.red-ui-flow-node').first().waitFor();
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    return { page, complaints };
  };
  /** Double-clicks the node, names it, and closes the form. */
  const rename = async (page: Page, name: string) => {
    await page.locator('.red-ui-flow-node').first().dblclick();
    await page.locator('#node-input-name').fill(name);
    await page.locator('#node-dialog-ok').click();
    await page.locator('#node-input-name').waitFor({ state: 'detached' });
  };
  const deploy = (page: Page) => page.locator('#red-ui-header-button-deploy').click();
  const notification = (page: Page, text: RegExp) =>
    page.locator('.red-ui-notification', { hasText: text }).first();

  it('shows the canvas in Vietnamese to who is signed in, and a deploy bears their name', async () => {
    const person = await editing.hire('Nguyễn Văn An', 'flows-editor');
    const { page, complaints } = await open(person);
    assert.equal((await page.locator('#red-ui-header-button-deploy').innerText()).trim(), 'Triển khai');
    assert.equal(await page.locator('#red-ui-palette input').first().getAttribute('placeholder'), 'lọc nút');
    await rename(page, 'in từ trình duyệt');
    await deploy(page);
    await notification(page, /Đã triển khai thành một phiên bản mới/).waitFor();
    const { authorName, contents } = editing.flows.deploys.at(-1)!;
    assert.equal(authorName, 'Nguyễn Văn An');
    assert.equal((contents as FlowContents).find(({ id }) => id === 'a1')!.name, 'in từ trình duyệt');
    const palette = await page.locator('#red-ui-palette').innerText();
    assert.doesNotMatch(palette, /\bexec\b|\btcp\b|\budp\b|\bfile\b|\bmqtt\b/);
    assert.deepEqual(complaints, []);
  });

  it('tells the second of two browsers that somebody was faster, and lets nothing get lost', async () => {
    const first = await open(await editing.hire('Trần Văn Một', 'flows-editor'));
    const second = await open(await editing.hire('Trần Thị Hai', 'it-centre'));
    await rename(second.page, 'tên của Hai');
    await rename(first.page, 'tên của Một');
    await deploy(first.page);
    await notification(first.page, /Đã triển khai/).waitFor();
    await deploy(second.page);
    const told = notification(second.page, /phiên bản mới hơn|Vừa có phiên bản mới/);
    await told.waitFor();
    assert.equal(editing.flows.deploys.at(-1)!.authorName, 'Trần Văn Một');
    assert.match((await second.page.locator('.red-ui-flow-node').first().textContent())!, /tên của Hai/);
  });

  it('lets a viewer look, in English if they prefer', async () => {
    const { page } = await open(await editing.hire('Lê Văn Xem', 'flows-viewer'), 'en-US');
    const before = editing.flows.deploys.length;
    assert.equal((await page.locator('#red-ui-header-button-deploy').innerText()).trim(), 'Deploy');
    await page.locator('.red-ui-deploy-button-group.readOnly').waitFor();
    // What the button would send is refused as well: see the specs without a browser.
    assert.equal(editing.flows.deploys.length, before);
  });
});
