import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { readFile } from '#hub/signing/read-file.ts';
import { receiveRequest } from '#hub/signing/receive-request.ts';
import { findRequests } from '#hub/signing/request-store.ts';
import { putAccount, putRoute } from '#hub/signing/route-store.ts';
import { createSigningWith } from '#hub/signing/signing.service.ts';
import createSigningDesk from '#hub/signing-desk/signing-desk.service.ts';
import { makeKey, publicKeyOf } from '#sandbox/authority/open-identity.ts';
import { type RunningAuthority, startAuthority } from '#sandbox/authority/start-authority.ts';
import type { Token } from '#sandbox/usb-agent/sign-file.ts';
import { type AgentFault, startUsbAgent, type UsbAgent } from '#sandbox/usb-agent/usb-agent.ts';
import type { SigningStepInput } from '#schemas/signing.ts';
import { onePage } from '#tests/signature/pdf/make-pdf.ts';
import { askPdfsig, makeFolder } from '#tests/signature/pdf/outside.ts';
import { playAuthority } from '#tests/signing/played-authority.ts';
import { playKeyService } from '#tests/signing/played-key-service.ts';
import { sharedWorkers } from '#tests/signing/shared-workers.ts';
import { checkPage } from '#tests/sso/check-page.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';
import { signInAt } from '#tests/support/sign-in-at.ts';

const uid = 'CCCD:046080001234';

describe('Signing with a USB token, in a browser', function () {
  this.timeout(180_000);
  const roots = playAuthority();
  const folder = makeFolder();
  let authority: RunningAuthority;
  let signOn: SignOn;
  let agent: UsbAgent | undefined;
  let leader: Person;
  let browser: Browser | undefined;
  let token: Token;
  let otherToken: Token;
  let agentPort: number;
  let nr = 0;

  const makeToken = async (UID: string): Promise<Token> => {
    const key = await makeKey();
    const certificate = await authority.issue({
      publicKey: publicKeyOf(key),
      subject: { CN: 'Nguyễn Văn Bình', UID },
    });
    return { key, certificate, chain: [authority.issuing] };
  };
  const startAgent = async () => {
    agent = await startUsbAgent({ token, otherToken, origin: signOn.origin, port: agentPort });
    return agent;
  };
  before(async () => {
    authority = await startAuthority();
    agentPort = await chooseFreePort();
    const keys = playKeyService(roots.root);
    signOn = await startSignOn({
      parts: [createSigningDesk, createSigningWith(sharedWorkers), () => keys.part],
      config: { signingAgent: `ws://127.0.0.1:${agentPort}` },
    });
    [token, otherToken] = await Promise.all([makeToken(uid), makeToken('CCCD:046080009999')]);
    leader = await signOn.hire('Nguyễn Văn Bình');
    await signOn.app('document-system', { name: 'Quản lý văn bản' });
    await signOn.hub.call('signing.set-settings', {
      roots: [authority.root.toString('base64')],
      intermediates: [authority.issuing.toString('base64')],
      actor: 'test',
    });
    await putRoute(signOn.hub.db, {
      ...{ id: 'usb', name: null, kind: 'agent', connector: null, priority: 10, enabled: true, rules: {} },
    });
    await putAccount(signOn.hub.db, 'usb', { staffId: leader.id }, `uid:${uid}`);
  });
  afterEach(async () => {
    await browser?.close();
    browser = undefined;
    await agent?.stop();
    agent = undefined;
  });
  after(async () => {
    await signOn.stop();
    await authority.stop();
    roots.stop();
    folder.remove();
  });

  const ask = async (step: Partial<SigningStepInput> = {}) => {
    const { id } = await receiveRequest(
      { ...signOn.hub.context, workers: sharedWorkers },
      {
        input: {
          ...{ documentId: `VB-${++nr}`, title: `Tờ trình ${nr}`, fileName: 'to-trinh.pdf' },
          steps: [{ signer: { staffId: leader.id }, ...step }],
        },
        ...{ file: onePage(), appId: 'document-system', actor: 'client/test' },
      },
    );
    const waiting = await signOn.hub.call('signing.waiting', { staffId: leader.id });
    return {
      id,
      at: `${signOn.origin}/signing/documents/${waiting.find(one => one.requestId === id)!.stepId}`,
    };
  };
  const requestOf = async (id: string) => (await findRequests(signOn.hub.db, [id]))[0]!;
  const open = async (at: string, options: Parameters<typeof openBrowser>[0] = {}) => {
    browser = await openBrowser(options);
    const page = await browser.context.newPage();
    await page.goto(at);
    await signInAt(page, leader);
    await page.waitForURL(at);
    return page;
  };
  /** By the keyboard: the reader of PDF in the page may take a click that was meant for what moved beside it. */
  const press = (page: Page) => page.locator('form[data-token] button').press('Enter');
  const told = async (page: Page, state: string) => {
    await page.locator(`[data-state=${state}]`).waitFor({ state: 'visible' });
    return page.locator(`[data-state=${state}]`).innerText();
  };

  it('calls the agent, tells how far it is, and ends with a file that everybody finds valid', async () => {
    const { calls } = await startAgent();
    const { id, at } = await ask({ numbers: true });
    const page = await open(at);
    const headers = (await page.request.get(at)).headers();
    assert.match(headers['content-security-policy']!, new RegExp(`connect-src 'self' ${agent!.address}$`));
    await checkPage(page, 'signing-token');
    await page.locator('input[name^=number]').fill('128/QĐ-UBND');
    await press(page);
    assert.match(await told(page, 'signed'), /Đã ký xong/);
    await checkPage(page, 'signing-token-signed');
    assert.deepEqual(
      calls.map(({ operation, asked }) => [operation, asked.DocNumber]),
      [['SignIssued', '128/QĐ-UBND']],
    );
    await waitUntil('it is returned', async () => (await requestOf(id)).state === 'returned', {
      withinMs: 15_000,
    });
    const request = await requestOf(id);
    assert.equal(request.number, '128/QĐ-UBND');
    const seen = askPdfsig(folder.path, await readFile(signOn.hub.db, request));
    assert.deepEqual(
      seen.map(({ valid, whole }) => [valid, whole]),
      [[true, true]],
    );
    await page.locator('main a.button[href="/signing"]').press('Enter');
    await page.getByText('Hiện không có văn bản nào chờ bạn ký').waitFor();
  });

  it('says what to do when the agent is not there, and goes on when it is', async () => {
    const { id, at } = await ask({ level: 'B-T' });
    const page = await open(at);
    assert.match(await page.locator('main').innerText(), /mức B-T, có dấu thời gian/);
    await press(page);
    assert.match(await told(page, 'not-installed'), /chưa được cài, chưa chạy/);
    await page.locator('details summary').first().click();
    await checkPage(page, 'signing-token-not-installed');
    await startAgent();
    await press(page);
    await told(page, 'signed');
    await waitUntil('it is returned', async () => (await requestOf(id)).state === 'returned', {
      withinMs: 15_000,
    });
  });

  for (const [fault, state, says] of [
    ['refused', 'not-signed', /chưa được ký.*Người dùng hủy ký số/],
    ['other-key', 'refused', /không phải bằng chứng thư đã đăng ký/],
    ['tampered', 'refused', /không phải tệp đã chuẩn bị/],
    ['stamped', 'refused', /bị sửa nội dung/],
    ['rewritten', 'refused', /không phải tệp đã chuẩn bị/],
  ] as [AgentFault, string, RegExp][])
    it(`tells why nothing is signed (${fault}), and lets it be tried again`, async () => {
      const { setFault } = await startAgent();
      const { id, at } = await ask();
      const page = await open(at);
      setFault(fault);
      await press(page);
      assert.match(await told(page, state), says);
      assert.equal((await requestOf(id)).state, 'waiting');
      setFault(undefined);
      await press(page);
      await told(page, 'signed');
    });

  it('is not signed when the agent closes without an answer', async () => {
    const { setFault, calls, hangUp } = await startAgent();
    const { id, at } = await ask();
    const page = await open(at);
    setFault('never');
    await press(page);
    await told(page, 'signing');
    await waitUntil('the agent is called', async () => calls.length > 0, { withinMs: 10_000 });
    hangUp();
    assert.match(await told(page, 'cut'), /đã đóng trước khi ký xong/);
    assert.equal((await requestOf(id)).state, 'waiting');
  });

  it('may call nobody from any other page, and says without JavaScript what is needed', async () => {
    const { at } = await ask();
    const page = await open(at, { javaScriptEnabled: false });
    assert.match(await page.locator('noscript').innerText(), /đang tắt JavaScript/);
    assert.equal(await page.locator('form[data-token] button').isDisabled(), true);
    const list = (await page.request.get(`${signOn.origin}/signing`)).headers();
    assert.doesNotMatch(list['content-security-policy']!, /connect-src/);
  });

  it('may be another token than the usual one, once the person has ticked that', async () => {
    await putRoute(signOn.hub.db, {
      ...{ id: 'usb-2', name: null, kind: 'agent', connector: null, priority: 20, enabled: true, rules: {} },
    });
    await putAccount(signOn.hub.db, 'usb-2', { staffId: leader.id }, `uid:${uid}`);
    const device = { staffId: leader.id, service: 'usb' };
    const { ticketId } = await signOn.hub.call('signing.report-broken', device);
    await startAgent();
    const page = await open((await ask()).at);
    await checkPage(page, 'signing-token-agree');
    await press(page);
    assert.equal(await page.locator('[data-state=preparing]').isVisible(), false, 'the browser asks for it');
    await page.locator('form[data-token] input[name=agree]').check();
    await press(page);
    await told(page, 'signed');
    await signOn.hub.call('signing.look-again', { staffId: leader.id, ticketId });
  });

  it('is no part of signing many at once: those documents are named with their reason', async () => {
    const [one, two] = [await ask(), await ask()];
    const page = await open(`${signOn.origin}/signing`);
    for (const { at } of [one, two])
      await page.locator(`input[name=step][value="${at.split('/').at(-1)}"]`).check();
    await page.locator('.bar button').click();
    await page.getByText('phải mở riêng và ký từng văn bản').waitFor();
    await page.locator('main form[data-once] button').first().click();
    await page.locator('#problem').waitFor();
    assert.match(await page.locator('#problem').innerText(), /ký bằng thiết bị USB/);
  });
});
