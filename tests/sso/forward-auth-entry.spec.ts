import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { asTraefik, createAppBrowser } from '#tests/sso/behind-proxy.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

const directives = 'https://chidao.test';
const reports = 'https://baocao.test:8443';
const page = `${directives}/viec?trang=2`;

describe('The way in to an app behind a proxy', () => {
  let signOn: SignOn;
  let person: Person;
  const isCallback = (url: string): boolean => url.startsWith(`${directives}/.lienthong/callback`);
  const browser = () => createAppBrowser(signOn, [directives, reports]);
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire();
    const app = { forwardAuth: { origins: [directives, reports] } };
    await signOn.client('directives', { redirectUris: ['https://x.test/'] }, { app: { signOn: app } });
  });
  after(() => signOn.stop());

  /** A browser that holds a code it has not brought to the app. */
  const atTheDoor = async (to = page) => {
    const browse = browser();
    const { url } = await browse.signIn(await browse.open(to), person, isCallback);
    assert.ok(isCallback(url), url);
    return { browse, url };
  };
  const isRefused = (answer: Response): boolean =>
    answer.headers.get('location')?.startsWith(`${signOn.origin}/forward-auth/refused`) === true &&
    answer.headers.getSetCookie().length === 0;

  it('takes a code once, however many bring it at the same time', async () => {
    const { browse, url } = await atTheDoor();
    const answers = await Promise.all(Array.from({ length: 8 }, () => browse.ask(url)));
    assert.equal(answers.filter(answer => answer.headers.get('location') === page).length, 1);
    assert.equal(answers.filter(isRefused).length, 7);
    assert.ok(isRefused(await browse.ask(url)), 'nor later');
  });

  it('takes a code only from the browser that it was made for: nobody is signed in as another', async () => {
    const { url } = await atTheDoor();
    const victim = browser();
    assert.ok(isRefused(await victim.ask(url)));
    await victim.open(page);
    assert.ok(isRefused(await victim.ask(url)), 'even one that is on its own way in');
  });

  it('lets two tabs of one browser come in, each to its own page', async () => {
    const { browse, url } = await atTheDoor();
    const other = await browse.open(`${directives}/khac`, isCallback);
    assert.equal((await browse.ask(other.url)).headers.get('location'), `${directives}/khac`);
    assert.equal((await browse.ask(url)).headers.get('location'), page);
  });

  it('takes a code only at the origin that it was made for', async () => {
    const { browse, url } = await atTheDoor();
    assert.ok(isRefused(await browse.ask(url, { tell: () => asTraefik(reports) })));
  });

  it('says so when the app sees the person come from the Internet and the hub did not, and asks no further', async () => {
    const { browse, url } = await atTheDoor();
    const answer = await browse.ask(url, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    assert.ok(isRefused(answer));
    const told = await browse.open(answer.headers.get('location')!);
    assert.match(told.text, /không được mở ứng dụng này từ đây/);
  });

  it('takes no code after its half minute', async () => {
    const { browse, url } = await atTheDoor();
    await sql`update oidc_record set expires_at = now() where model = 'ForwardAuthCode'`.execute(
      signOn.hub.db,
    );
    const answer = await browse.ask(url);
    assert.ok(isRefused(answer));
    const told = await browse.open(answer.headers.get('location')!);
    assert.equal(told.status, 400);
    assert.match(told.text, /đã mở quá lâu hoặc đã dùng rồi/);
  });

  it('keeps neither code nor cookie where a copy of the database would show it', async () => {
    const { url } = await atTheDoor();
    const code = new URL(url).searchParams.get('code')!;
    const { rows } = await sql<{ text: string }>`select oidc_record::text as text from oidc_record`.execute(
      signOn.hub.db,
    );
    assert.ok(rows.length > 0 && rows.every(({ text }) => !text.includes(code)));
  });

  it('leads to no other site, whatever is asked for', async () => {
    const answer = await browser().ask(`${directives}/`);
    assert.equal(answer.status, 302);
    for (const to of [
      'https://evil.test/',
      '//evil.test/',
      '/\\evil.test',
      '\\evil',
      'javascript:alert(1)',
      '/a\tb',
    ]) {
      const browse = browser();
      const start = `${directives}/.lienthong/sign-in?${new URLSearchParams({ to })}`;
      const { url } = await browse.signIn(await browse.open(start), person, isCallback);
      const end = (await browse.ask(url)).headers.get('location');
      assert.equal(end, `${directives}/`, to);
    }
  });

  it('begins only where a registered app is, and with nothing that was not sealed here', async () => {
    const stranger = createAppBrowser(signOn, ['https://evil.test']);
    assert.equal((await stranger.ask('https://evil.test/.lienthong/sign-in?to=/')).status, 403);
    const forged = await fetch(`${signOn.origin}/forward-auth/begin?going=AAAA`, { redirect: 'manual' });
    assert.equal(forged.status, 400);
  });
});
