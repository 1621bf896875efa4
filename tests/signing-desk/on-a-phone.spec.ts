import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { rightPin } from '#tests/signing-desk/play-signing.ts';
import { type Desk, startDesk } from '#tests/signing-desk/start-desk.ts';
import { checkPage } from '#tests/sso/check-page.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';
import { signInAt } from '#tests/support/sign-in-at.ts';

const longTitle =
  'Quyết định về việc phê duyệt Đề án phát triển đô thị thông minh tỉnh Thừa Thiên Huế giai đoạn 2026–2030, định hướng đến năm 2035';

describe('The signing desk, in a browser', function () {
  this.timeout(180_000);
  let desk: Desk;
  let leader: Person;
  let browser: Browser | undefined;
  before(async () => {
    desk = await startDesk();
  });
  beforeEach(async () => {
    leader = await desk.signOn.hire('Nguyễn Văn Bình');
  });
  afterEach(() => browser?.close());
  after(() => desk.stop());

  const open = async (options: Parameters<typeof openBrowser>[0] = {}) => {
    browser = await openBrowser({ width: 360, ...options });
    const page = await browser.context.newPage();
    const complaints: string[] = [];
    page.on('console', message => {
      if (message.type() === 'error' && !/the server responded with a status of 4/.test(message.text()))
        complaints.push(message.text());
    });
    await page.goto(desk.at('/signing'));
    await signInAt(page, leader);
    await page.waitForURL(desk.at('/signing'));
    return { page, complaints };
  };
  const askForSome = () => {
    const { ask } = desk.signing;
    const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    return [
      ask(leader.id, { title: longTitle, documentId: '2026/VP-KGVX/0012345', dueAt: soon(-30) }),
      ask(leader.id, { onBehalfOf: 'Phan Ngọc Thọ', dueAt: soon(5), position: 1, of: 2 }),
      ask(leader.id, {
        signer: { unitId: desk.signOn.unit['474']!, name: 'Ủy ban nhân dân tỉnh Thừa Thiên Huế' },
        numbers: true,
        ...{ position: 2, of: 2, reason: 'signature-not-of-hash' },
      }),
    ];
  };
  const submit = (page: Page) => page.locator('main button[type=submit]').first().click();
  const goOn = (page: Page) => page.locator('.bar button').click();

  for (const locale of ['vi', 'en'] as const)
    it(`is readable for everybody, on every screen, in ${locale}`, async () => {
      const { page, complaints } = await open({ locale });
      const check = async (name: string) => {
        assert.equal(await page.locator('html').getAttribute('lang'), locale);
        assert.doesNotMatch(await page.locator('body').innerText(), /undefined|\{|signing-desk\./);
        await checkPage(page, `signing-${locale}-${name}`);
        await page.setViewportSize({ width: 320, height: 640 });
        const wide = await page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(wide, 0, `${name} scrolls sideways at 320 px`);
      };
      await check('nothing');
      const ids = askForSome();
      await page.goto(desk.at('/signing'));
      await check('waiting');
      await page.goto(desk.at('/signing?late'));
      await check('late');
      await page.goto(desk.at(`/signing/documents/${ids[0]}`));
      await check('document');
      await page.locator('#pin').fill('1');
      await submit(page);
      await page.locator('#problem').waitFor();
      await page.locator('summary').click();
      await check('document-problem');
      await page.goto(desk.at(`/signing/documents/${ids[2]}`));
      await check('document-numbers');
      await page.goto(desk.at('/signing?all'));
      await goOn(page);
      await page.waitForURL(/decisions/);
      await check('many');
      desk.signing.broken.set(ids[1]!, 'pdf-encrypted');
      await page.locator(`#number-${ids[2]}`).fill('128/QĐ-UBND');
      await page.locator('#pin').fill(rightPin);
      await submit(page);
      await page.locator('[role=status]').waitFor();
      await check('outcome');
      const decision = page.url();
      await page.goto(desk.at('/signing/delegations'));
      await page.locator('#q').fill((await desk.signOn.hire('Hoàng Thị Phượng', { unitCode: '476' })).name);
      await page.locator('form[role=search] button').click();
      await page.locator('input[type=radio]').first().waitFor();
      await page.locator('input[type=radio]').first().check();
      await check('delegation-choice');
      await page.locator('#until').fill('2999-12-31');
      await page.locator('form[data-once] button').click();
      await page.locator('.rows h3').waitFor();
      await check('delegations');
      await sql`update signing_desk_decision set state = 'deciding'`.execute(desk.signOn.hub.db);
      await page.goto(decision);
      await check('under-way');
      await page.goto(desk.at('/signing/decisions/0b5e4d8a-6f7c-4d2e-9a51-000000000001'));
      await check('error');
      const proof = desk.signing.ask(leader.id, { asks: ['pin', 'factor'] });
      await page.goto(desk.at(`/signing/documents/${proof}`));
      await check('prove-again');
      const detour = {
        ...{ kind: 'reported-broken' as const, agreed: false },
        instead: { id: 'smartca', name: 'VNPT SmartCA' },
        to: { id: 'embedded', name: 'Dịch vụ ký số của tỉnh Thừa Thiên Huế' },
      };
      const holder = { staffId: leader.id, name: leader.name };
      desk.signing.services.set(leader.id, [{ holder, service: detour.instead, detour }]);
      await page.goto(desk.at(`/signing/documents/${desk.signing.ask(leader.id, { detour })}`));
      await check('agree');
      await page.goto(desk.at('/signing/trouble'));
      await page.locator('summary').click();
      await check('trouble');
      await page.locator('details button').click();
      await page.locator('input[name=agree]').waitFor();
      await check('trouble-open');
      await page.locator('input[name=agree]').check();
      await page.locator('form[data-once] button').click();
      await page.locator('[role=status]').waitFor();
      await check('trouble-agreed');
      await page.goto(desk.at('/'));
      await check('my-apps');
      assert.deepEqual(complaints, []);
    });

  it('chooses all with one tap, and says how many', async () => {
    askForSome();
    const { page } = await open();
    const all = page.locator('[data-all]');
    await all.click();
    assert.equal(await page.locator('.bar button').innerText(), 'Ký 3 văn bản đã chọn');
    await page.locator('.box').first().uncheck();
    assert.equal(await page.locator('.bar button').innerText(), 'Ký 2 văn bản đã chọn');
    await goOn(page);
    await page.getByRole('heading', { name: 'Ký 2 văn bản' }).waitFor();
    // What a phone's back button brings back counts what is still ticked.
    await page.goBack();
    assert.equal(await page.locator('.bar button').innerText(), 'Ký 2 văn bản đã chọn');
  });

  it('works without JavaScript: choose all, sign, refuse', async () => {
    askForSome()
      .slice(2)
      .forEach(id => {
        desk.signing.steps.delete(id);
      });
    const { page } = await open({ javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Chọn tất cả' }).click();
    await goOn(page);
    await page.locator('#pin').fill(rightPin);
    await submit(page);
    await page.getByText('Đã duyệt ký 2 văn bản').waitFor();
    desk.signing.ask(leader.id);
    await page.goto(desk.at('/signing'));
    await page.locator('.documents a').click();
    await page.locator('summary').click();
    await page.locator('#reason').fill('Sai mẫu');
    await page.getByRole('button', { name: 'Từ chối', exact: true }).click();
    await page.getByText('Đã từ chối 1 văn bản').waitFor();
    // A reload asks the page again, and sends nothing.
    const { length } = desk.signing.decided;
    await page.reload();
    assert.equal(desk.signing.decided.length, length);
  });

  it('shows the document in the page on a desk, and by itself on a phone', async () => {
    const stepId = desk.signing.ask(leader.id);
    const { page } = await open();
    const read: number[] = [];
    page.on('response', answer => {
      if (answer.url().endsWith('/file')) read.push(answer.status());
    });
    await page.goto(desk.at(`/signing/documents/${stepId}`), { waitUntil: 'networkidle' });
    assert.equal(await page.locator('.paper').isVisible(), false);
    assert.deepEqual(read, [], 'a phone does not load what it does not show');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.waitForResponse(answer => answer.url().startsWith('chrome-extension://'));
    assert.equal(await page.locator('.paper').isVisible(), true);
    assert.equal(read[0], 200);
    const link = page.getByRole('link', { name: 'Mở văn bản để đọc' });
    assert.equal(await link.getAttribute('href'), `/signing/documents/${stepId}/file`);
  });

  it('can be used with the keyboard alone', async () => {
    askForSome();
    const { page } = await open({ width: 1280 });
    await page.locator('[data-all]').focus();
    await page.keyboard.press('Space');
    assert.equal(await page.locator('.box:checked').count(), 3);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    assert.equal(await page.locator('.box:checked').count(), 2);
  });
});
