import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { credentialSecretOf } from '#flows/supervise/credential-secret.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { smallFlow } from '#tests/flows/play-flows.ts';
import { type Editing, startEditing } from '#tests/flows/start-editing.ts';
import { type Browse, createBrowse } from '#tests/sso/browse.ts';
import type { Person } from '#tests/sso/start-sign-on.ts';

interface Flows {
  flows: { id: string; name?: string }[];
  rev: string;
}

describe('The flow editor', function () {
  this.timeout(60_000);
  let editing: Editing;
  let an: Person;
  let author: Browse;
  before(async () => {
    editing = await startEditing();
    await editing.ready();
    an = await editing.hire('Nguyễn Văn An', 'flows-editor');
    author = await editing.browserOf(an);
  });
  after(async () => {
    await editing.stop();
    assert.equal(await editing.pid(), undefined, 'no process is left behind');
  });

  const read = async <T>(path: string, browse = author): Promise<T> =>
    (await (await editing.send(browse, 'GET', path)).json()) as T;
  const named = (name: string): object[] =>
    smallFlow.map(node => (node.type === 'tab' ? node : { ...node, name }));
  const deploy = (browse: Browse, body: unknown, more?: Record<string, string>): Promise<Response> =>
    editing.send(browse, 'POST', '/flows/flows', body, more);

  it('opens without a question for who is signed in and has the role', async () => {
    const page = await author.open(editing.at('/flows'));
    assert.equal(page.url, editing.at('/flows/'));
    assert.match(page.text, /<title>Liên Thông – Luồng<\/title>/);
    assert.match(page.headers.get('content-security-policy')!, /frame-ancestors 'self'/);
    const { user } = await read<{ user: object }>('/flows/settings');
    assert.deepEqual(user, { username: 'Nguyễn Văn An', permissions: '*' });
    assert.deepEqual((await read<Flows>('/flows/flows')).flows, smallFlow);
  });

  it('sends others to sign in first, and back', async () => {
    const browse = createBrowse();
    const asked = await browse.open(editing.at('/flows/'));
    assert.match(asked.url, /\/sso\//);
    const page = await browse.submit(asked, { username: an.username, password: an.password });
    assert.equal(page.url, editing.at('/flows/'));
    const script = await editing.send(createBrowse(), 'GET', '/flows/settings');
    assert.equal(script.status, 401);
    assert.match(await script.text(), /đăng nhập lại/);
  });

  it('tells who has no role for it what to do, and shows nothing', async () => {
    const browse = await editing.browserOf(await editing.hire('Trần Thị Bé', 'clerk'));
    const page = await browse.open(editing.at('/flows/'));
    assert.equal(page.status, 403);
    assert.match(page.text, /flows-editor/);
    for (const path of ['/flows/flows', '/flows/nodes', '/flows/red/red.min.js'])
      assert.equal((await editing.send(browse, 'GET', path)).status, 403, path);
  });

  it('lets a viewer look, and change nothing', async () => {
    const viewer = await editing.browserOf(await editing.hire('Lê Văn Xem', 'flows-viewer'));
    const { flows, rev } = await read<Flows>('/flows/flows', viewer);
    const refused = await deploy(viewer, { flows, rev });
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), /chỉ được xem/);
    assert.equal((await editing.send(viewer, 'DELETE', '/flows/flow/a0')).status, 403);
    assert.deepEqual(editing.flows.deploys, []);
  });

  it('believes nobody who says himself who he is', async () => {
    const person = { staffId: an.id, name: an.name, right: 'write' };
    const claim = { 'x-lienthong-person': Buffer.from(JSON.stringify(person)).toString('base64url') };
    const viewer = await editing.browserOf(await editing.hire('Lê Thị Xem', 'flows-viewer'));
    const settings = await editing.send(viewer, 'GET', '/flows/settings', undefined, claim);
    assert.equal(((await settings.json()) as { user: { permissions: string } }).user.permissions, 'read');
    const nobody = await editing.send(createBrowse(), 'GET', '/flows/settings', undefined, claim);
    assert.equal(nobody.status, 401);
  });

  it('takes a deploy only from a page of its own', async () => {
    const { flows, rev } = await read<Flows>('/flows/flows');
    for (const origin of ['https://other.example', 'null'])
      assert.equal((await deploy(author, { flows, rev }, { origin })).status, 403);
    assert.deepEqual(editing.flows.deploys, []);
  });

  it('makes a deploy a version in the name of who pressed the button', async () => {
    const { rev } = await read<Flows>('/flows/flows');
    const answer = await deploy(author, { flows: named('mới'), rev });
    assert.deepEqual(await answer.json(), { rev: String(Number(rev) + 1) });
    const { author: by, authorName, base, contents } = editing.flows.deploys.at(-1)!;
    assert.deepEqual(
      { by, authorName, base },
      { by: `staff/${an.id}`, authorName: an.name, base: Number(rev) },
    );
    assert.deepEqual(contents, named('mới'));
  });

  it('keeps the secrets of nodes encrypted', async () => {
    const { rev } = await read<Flows>('/flows/flows');
    const secret = 'Bí mật của ứng dụng';
    const flows = [
      ...smallFlow,
      {
        ...{ id: 'a2', type: 'http request', z: 'a0', x: 300, y: 200, wires: [[]] },
        credentials: { user: 'app', password: secret },
      },
    ];
    assert.equal((await deploy(author, { flows, rev })).status, 200);
    const kept = editing.flows.deploys.at(-1)!;
    assert.deepEqual(Object.keys(kept.credentials), ['$']);
    assert.ok(!JSON.stringify(kept).includes(secret));
    assert.deepEqual(await read('/flows/credentials/http-request/a2'), { user: 'app', has_password: true });
  });

  it('tells the second of two people about the first, and loses nothing of either', async () => {
    const second = await editing.browserOf(await editing.hire('Hồ Thị Hai', 'it-centre'));
    const { rev } = await read<Flows>('/flows/flows', second);
    assert.equal((await deploy(author, { flows: named('của An'), rev })).status, 200);
    const late = await deploy(second, { flows: named('của Hai'), rev });
    assert.equal(late.status, 409);
    assert.equal(((await late.json()) as { code: string }).code, 'version_mismatch');
    const now = await read<Flows>('/flows/flows', second);
    assert.equal(now.flows[1]!.name, 'của An');
    assert.equal((await deploy(second, { flows: named('của cả hai'), rev: now.rev })).status, 200);
    assert.equal(editing.flows.deploys.at(-1)!.authorName, 'Hồ Thị Hai');
  });

  it('finds a conflict with what came by another way, and then shows that', async () => {
    const { rev } = await read<Flows>('/flows/flows');
    editing.flows.deployElsewhere(named('lùi lại') as never);
    // Whichever is first, the deploy or the look at what is new: the deploy does not go through.
    assert.equal((await deploy(author, { flows: named('của An'), rev })).status, 409);
    assert.equal((await read<Flows>('/flows/flows')).flows[1]!.name, 'lùi lại');
    editing.flows.deployElsewhere(named('lùi nữa') as never);
    editing.signOn.hub.context.wake.notify('flow-versions');
    await waitUntil(
      'the newest',
      async () => (await read<Flows>('/flows/flows')).flows[1]!.name === 'lùi nữa',
      { withinMs: 20_000, everyMs: 200 },
    );
  });

  it('has no node that runs programs, reads files or listens, and installs none', async () => {
    const sets = await editing.send(author, 'GET', '/flows/nodes', undefined, { accept: 'application/json' });
    const types = ((await sets.json()) as { types: string[] }[]).flatMap(({ types }) => types);
    for (const type of ['function', 'switch', 'lienthong-event-in']) assert.ok(types.includes(type), type);
    const out = ['exec', 'file', 'file in', 'watch', 'tcp in', 'tcp out', 'tcp request', 'udp in', 'udp out'];
    for (const type of [...out, 'http in', 'websocket in', 'mqtt in']) assert.ok(!types.includes(type), type);
    const install = await editing.send(author, 'POST', '/flows/nodes', { module: 'node-red-node-random' });
    assert.equal(install.status, 404, 'there is no such way in');
    const { functionExternalModules, functionTimeout } =
      await read<Record<string, unknown>>('/flows/settings');
    assert.deepEqual(
      { functionExternalModules, functionTimeout },
      { functionExternalModules: false, functionTimeout: 10 },
    );
  });

  it('runs no flow: what is drawn here runs elsewhere', async () => {
    const { rev } = await read<Flows>('/flows/flows');
    const inject = {
      id: 'a3',
      type: 'inject',
      z: 'a0',
      x: 100,
      y: 120,
      once: true,
      wires: [['a1']],
      props: [],
    };
    assert.equal((await deploy(author, { flows: [...smallFlow, inject], rev })).status, 200);
    assert.equal((await editing.send(author, 'POST', '/flows/inject/a3')).status, 404);
    assert.equal((await editing.send(author, 'POST', '/flows/flows/state', { state: 'start' })).status, 404);
    assert.equal((await editing.send(author, 'POST', '/flows/inject/a3')).status, 404);
  });

  it('ends with the role and with the session, at the next request', async () => {
    const person = await editing.hire('Phạm Văn Đi', 'flows-editor');
    const browse = await editing.browserOf(person);
    assert.equal((await editing.send(browse, 'GET', '/flows/settings')).status, 200);
    await editing.signOn.hub.call('sso.set-roles', { staffId: person.id, roles: [], actor: 'test' });
    assert.equal((await editing.send(browse, 'GET', '/flows/settings')).status, 403);
    const other = await editing.hire('Phạm Thị Nghỉ', 'flows-editor');
    const hers = await editing.browserOf(other);
    await editing.signOn.setStatus(other, 'left');
    await waitUntil(
      'her session ends',
      async () => (await editing.send(hers, 'GET', '/flows/settings')).status === 401,
      { withinMs: 20_000, everyMs: 100 },
    );
  });

  it('speaks Vietnamese where it can and English elsewhere', async () => {
    const editor = await read<{ deploy: { deploy: string } }>('/flows/locales/editor?lng=vi-VN');
    assert.equal(editor.deploy.deploy, 'Triển khai');
    const english = await read<{ deploy: { deploy: string } }>('/flows/locales/editor?lng=en-US');
    assert.equal(english.deploy.deploy, 'Deploy');
    const { editorTheme } = await read<{ editorTheme: { languages: string[] } }>('/flows/settings');
    assert.deepEqual(editorTheme.languages, ['vi', 'en-US']);
  });

  it('is a process that knows nothing and that nobody reaches but by the door', async () => {
    const pid = (await editing.pid())!;
    const socketPath = editing.editor().socketPath()!;
    assert.equal(statSync(dirname(socketPath)).mode & 0o077, 0);
    // What Node tells a child of its own pipe, and nothing else.
    assert.doesNotMatch(readFileSync(`/proc/${pid}/environ`, 'utf8'), /(?:^|\0)(?!NODE_CHANNEL_)./);
    const secret = credentialSecretOf(editing.signOn.hub.context.secrets);
    assert.ok(!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(secret));
  });

  it('comes again by itself when its process dies, with the flows as they were deployed', async () => {
    const { flows, rev } = await read<Flows>('/flows/flows');
    const pid = (await editing.pid())!;
    process.kill(pid, 'SIGKILL');
    await waitUntil('another process', async () => ![undefined, pid].includes(await editing.pid()), {
      withinMs: 20_000,
      everyMs: 100,
    });
    await editing.ready();
    assert.deepEqual(await read<Flows>('/flows/flows'), { flows, rev });
  });
});
