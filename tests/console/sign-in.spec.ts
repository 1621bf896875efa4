import assert from 'node:assert/strict';
import createConsole from '#hub/console/console.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { CreatePart } from '#hub/platform/part.ts';
import { type Browse, createBrowse } from '#tests/sso/browse.ts';
import { giveName } from '#tests/sso/relying-party.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

/** What the page asks of parts that do not run here. */
const createOthers = (() => ({
  name: 'others',
  actions: { 'provisioning.health': async () => [], 'connectors.list': async () => [] },
})) as unknown as CreatePart;

describe('The console', () => {
  let signOn: SignOn;
  let admin: Person;
  before(async () => {
    signOn = await startSignOn({ parts: [createConsole, createOthers] });
    admin = await signOn.hire('Trần Thị Bình');
    await signOn.hub.call('sso.set-roles', { staffId: admin.id, roles: ['it-centre'], actor: 'test' });
  });
  after(() => signOn.stop());

  const at = (path: string) => signOn.origin + path;
  const signIn = async (browse: Browse, person: Person) =>
    giveName(browse, await browse.open(at('/console')), person);
  const cookieOf = (browse: Browse) => browse.jar.getCookieString(at('/'));

  it('asks who comes to sign in, and takes them back to it', async () => {
    const page = await signIn(createBrowse(), admin);
    assert.equal(page.url, at('/console'));
    assert.equal(page.status, 200);
    assert.match(page.text, /id="apps"/);
  });

  it('tells others that it is not for them, and what to do', async () => {
    const page = await signIn(createBrowse(), await signOn.hire('Lê Văn Cường'));
    assert.equal(page.status, 403);
    assert.match(page.text, /it-centre/);
    assert.doesNotMatch(page.text, /\{\{/);
  });

  it('gives its figures to nobody else', async () => {
    const stranger = createBrowse();
    const other = createBrowse();
    await signIn(other, await signOn.hire('Phạm Thị Dung'));
    const [name, value] = (await cookieOf(other)).split('; ')[0]!.split('=');
    for (const path of ['/console/glance', '/console/live']) {
      assert.equal((await stranger.open(at(path))).status, 401);
      assert.equal((await other.open(at(path))).status, 403);
      const forged = await fetch(at(path), { headers: { cookie: `${name}=${value}; ${name}.sig=x` } });
      assert.equal(forged.status, 401, 'a cookie that we did not sign');
    }
    const own = createBrowse();
    await signIn(own, admin);
    assert.equal((await own.open(at('/console/glance'))).status, 200);
  });

  it('ends for whoever loses the role or leaves, also where it is open', async () => {
    const person = await signOn.hire('Hoàng Văn Em');
    const roles = (list: ['it-centre'] | []) =>
      signOn.hub.call('sso.set-roles', { staffId: person.id, roles: list, actor: 'test' });
    await roles(['it-centre']);
    const browse = createBrowse();
    await signIn(browse, person);
    const live = await fetch(at('/console/live'), { headers: { cookie: await cookieOf(browse) } });
    let ended = false;
    void live.text().then(() => {
      ended = true;
    });
    await roles([]);
    assert.equal((await browse.open(at('/console'))).status, 403);
    await waitUntil('the open page to end', () => ended, { withinMs: 20_000 });
    await roles(['it-centre']);
    await signOn.setStatus(person, 'left');
    assert.match((await browse.open(at('/console'))).url, /\/sso\/interaction\//);
  });

  it('is the only thing that a sign-in on the way to it can lead to', async () => {
    for (const to of ['//elsewhere.test/', 'https://elsewhere.test/', '/\\elsewhere.test', '']) {
      const browse = createBrowse(['http://elsewhere.test', 'https://elsewhere.test']);
      const page = await browse.open(at(`/sso/my/open?to=${encodeURIComponent(to)}`));
      assert.equal((await giveName(browse, page, admin)).url, at('/'), to);
    }
  });
});
