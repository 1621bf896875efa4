import assert from 'node:assert/strict';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { createDocumentSystem } from '#sandbox/document-system/document-system.ts';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { signOnOf } from '#sandbox/sign-on.ts';
import { type Browse, createBrowse } from '#tests/sso/browse.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('The document system of the sandbox in a browser', () => {
  let signOn: SignOn;
  let person: Person;
  let app: RunningApp;
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire('Lê Thị <Hoa>');
    const { username, code, name } = person;
    app = await serveApp(
      createDocumentSystem({
        accounts: [{ externalId: 'QLVB1', enabled: true, code, username, name }],
        credentials: { username: 'lienthong', password: 'x' },
        hubOrigin: signOn.origin,
      }),
    );
    await signOn.app('document-system', {
      attributes: ['name', 'username'],
      signOn: signOnOf['document-system']!(app.origin, signOn.origin),
    });
  });
  after(async () => {
    await app.stop();
    await signOn.stop();
  });
  const signIn = async (browse: Browse, who = person) =>
    browse.submit(await browse.open(`${app.origin}/`), { username: who.username, password: who.password });
  const sessions = async (): Promise<{ username: string }[]> =>
    (await fetch(`${app.origin}/_state/sessions`)).json() as Promise<{ username: string }[]>;

  it('sends people to the hub and shows who came back; no ticket stays in the address', async () => {
    const browse = createBrowse();
    const desk = await signIn(browse);
    assert.equal(desk.url, `${app.origin}/`);
    assert.equal(desk.status, 200);
    assert.ok(desk.text.includes('Lê Thị &lt;Hoa&gt;'), desk.text);
    assert.ok((await sessions()).some(({ username }) => username === person.username));
    assert.ok(!JSON.stringify(await sessions()).includes('ST-'));
    assert.equal((await browse.open(`${app.origin}/`)).status, 200);
  });

  it('says so to people who have no account in it', async () => {
    const stranger = await signOn.hire('Phan Văn Lạ');
    const desk = await signIn(createBrowse(), stranger);
    assert.equal(desk.status, 403);
    assert.match(desk.text, /chưa có tài khoản/);
  });

  it('believes no ticket that the hub does not know, and does not go round in circles', async () => {
    const page = await createBrowse().open(`${app.origin}/?ticket=ST-0`);
    assert.equal(page.status, 403);
    assert.equal(page.url, `${app.origin}/?ticket=ST-0`);
  });

  it('ends the session when the hub says that the sign-in is over', async () => {
    const browse = createBrowse();
    await signIn(browse);
    const before = (await sessions()).length;
    await browse.open(`${signOn.origin}/cas/logout`);
    await waitUntil('the session is over', async () => (await sessions()).length === before - 1, {
      withinMs: 20_000,
    });
    assert.match((await browse.open(`${app.origin}/`)).text, /type="password"/);
  });

  it('signs out everywhere by its own link, and comes back to sign in', async () => {
    const browse = createBrowse();
    await signIn(browse);
    const page = await browse.open(`${app.origin}/thoat`);
    assert.ok(page.url.startsWith(`${signOn.origin}/sso/interaction/`), page.url);
  });
});
