import assert from 'node:assert/strict';
import createFlows from '#hub/flows/flows.service.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import type { FlowContents } from '#schemas/flow.ts';
import type { FlowApp, FlowEventType, FlowOperation } from '#schemas/flow-forms.ts';
import { type Editing, startEditing } from '#tests/flows/start-editing.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { type Browser, openBrowser } from '#tests/support/open-browser.ts';
import { signInAt } from '#tests/support/sign-in-at.ts';

const ports = [
  { name: 'notices', methods: ['send'] },
  { name: 'signer', methods: ['sign'] },
];
const playConnectors: CreatePart = () => ({
  name: 'connectors',
  actions: { 'connectors.ports': async () => [{ id: 'mail', ports }] },
});
const node = (id: string, type: string, wires: string[][]) => ({ id, type, z: 'tab', x: 200, y: 100, wires });
const drawn = [
  { id: 'tab', type: 'tab', label: 'Văn bản đến' },
  { ...node('in', 'lienthong-event-in', [['ask']]), name: 'Vào', types: ['staff.left'] },
  { ...node('ask', 'lienthong-hub-command', [[]]), name: 'Hỏi', y: 180 },
] as FlowContents;

describe('The forms of our nodes', function () {
  this.timeout(180_000);
  let editing: Editing;
  let browser: Browser | undefined;
  before(async () => {
    editing = await startEditing(createFlows, playConnectors);
    const { hub, app } = editing.signOn;
    await app('mail', { name: 'Thư công vụ', connector: 'mail', settings: { password: 'Bí mật 1!' } });
    const deployed = { contents: drawn, credentials: {}, author: 'staff/1', authorName: 'An', message: '' };
    await hub.call('flows.deploy', deployed);
    await editing.ready();
  });
  after(async () => {
    await browser?.close();
    await editing.stop();
  });
  const ask = async <T>(path: string): Promise<T> => {
    const viewer = await editing.browserOf(await editing.hire('Lê Văn Xem', 'flows-viewer'));
    const answer = await editing.send(viewer, 'GET', `/flows/lienthong/${path}`);
    assert.equal(answer.status, 200);
    return (await answer.json()) as T;
  };

  it('offer every type of event with its title in Vietnamese', async () => {
    const events = await ask<FlowEventType[]>('events');
    assert.equal(events.find(({ name }) => name === 'staff.left')!.title.vi, 'Một người nghỉ việc');
    assert.ok(events.every(({ name, title }) => !title.vi.includes(name) && !title.en.includes(name)));
  });
  it('offer apps with their ports, none of their settings, and no port that signs', async () => {
    const apps = await ask<FlowApp[]>('apps');
    assert.deepEqual(apps, [
      { id: 'mail', name: 'Thư công vụ', connector: 'mail', ports: [{ name: 'notices', methods: ['send'] }] },
    ]);
  });
  it('offer the operations for which flows have the right, with their parameters', async () => {
    const operations = await ask<FlowOperation[]>('operations');
    const staff = operations.find(({ method, path }) => method === 'GET' && path === '/api/v1/staff/{id}');
    assert.deepEqual(
      staff!.parameters.map(({ name, required }) => [name, required]),
      [['id', true]],
    );
    assert.ok(!operations.some(({ path }) => path.startsWith('/api/v1/apps')));
  });
  it('find units by name without accents, and tell what they are under', async () => {
    const { hub, unit } = editing.signOn;
    const known = await hub.call('units.get', { id: Object.values(unit)[5]! });
    const found = await ask<{ id: string; name: string }[]>(`units?q=${encodeURIComponent(known.name)}`);
    assert.ok(found.some(({ id, name }) => id === known.id && name === known.name));
  });
  it('tell nobody who is not signed in', async () => {
    const answer = await editing.send(createBrowse(), 'GET', '/flows/lienthong/apps');
    assert.notEqual(answer.status, 200);
  });

  it('choose events and an operation by words, fill its parameters in, and keep that as the runtime reads it', async () => {
    const person = await editing.hire('Nguyễn Văn Vẽ', 'flows-editor');
    browser = await openBrowser();
    const page = await browser.context.newPage();
    await page.goto(editing.at('/'));
    await signInAt(page, person);
    await page.locator('a[href="/flows/"]').click();
    await page.locator('.red-ui-flow-node').first().waitFor();
    await page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
    const open = async (name: string): Promise<void> => {
      await page.locator('.red-ui-flow-node', { hasText: name }).dblclick();
      await page.locator('#node-input-name').waitFor();
    };
    const close = async (): Promise<void> => {
      await page.locator('#node-dialog-ok').click();
      await page.locator('#node-input-name').waitFor({ state: 'detached' });
    };
    await page.locator('#red-ui-palette-container-Liên_Thông', { hasText: 'Gọi ứng dụng' }).waitFor();

    await open('Vào');
    await page.locator('#lienthong-event-words').fill('nguoi moi');
    await page.getByLabel(/Có người mới/).check();
    await close();

    await open('Hỏi');
    await page.locator('#lienthong-operation-words').fill('staff {id}');
    await page.locator('#lienthong-operations button', { hasText: '/api/v1/staff/{id}' }).first().click();
    await page.locator('.lienthong-method.reads', { hasText: 'chỉ đọc' }).last().waitFor();
    await page
      .locator('#lienthong-operation .red-ui-typedInput-container input:visible')
      .first()
      .fill('payload.staffId');
    await close();

    await page.locator('#red-ui-header-button-deploy').click();
    await page
      .locator('.red-ui-notification', { hasText: /Đã triển khai/ })
      .first()
      .waitFor();
    const current = await editing.signOn.hub.call('flows.current', { stage: 'sandbox' });
    const kept = (id: string) => current!.contents.find(one => one.id === id)!;
    assert.deepEqual(kept('in').types, ['staff.joined', 'staff.left']);
    const { method, path, parameters } = kept('ask');
    assert.deepEqual([method, path], ['GET', '/api/v1/staff/{id}']);
    assert.deepEqual(parameters, { id: { value: 'payload.staffId', type: 'msg' } });
  });
});
