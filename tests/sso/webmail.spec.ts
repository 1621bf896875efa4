import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type RunningApp, serveApp } from '#sandbox/kit/app-server.ts';
import { createMail } from '#sandbox/mail/mail.ts';
import { signOnOf } from '#sandbox/sign-on.ts';
import { preauthUrl } from '#sso/webmail/preauth-url.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

const domain = 'tinh.example';
const key = '6b7ead4bd425836e8cf0079cd6c1a05acc127acd07c8ee4b61023e19250e929c';

describe('The proof that Zimbra takes', () => {
  it('is the one of its documents', () => {
    const url = new URL(
      preauthUrl('https://mail.test/service/preauth', {
        account: 'john.doe@domain.com',
        timestamp: 1135280708088,
        key,
      }),
    );
    assert.equal(url.searchParams.get('preauth'), 'b248f6cfd027edd45c5369f8490125204772f844');
    assert.equal(url.searchParams.get('by'), 'name');
    assert.equal(url.searchParams.get('expires'), '0');
  });
});

describe('Opening the mailbox', () => {
  let signOn: SignOn;
  let person: Person;
  let address: string;
  let mail: RunningApp;
  const credentials = {
    adminName: 'a',
    adminPassword: 'b',
    smtpUser: 'c',
    smtpPassword: 'd',
    preauthKey: key,
  };
  const register = (more: object = {}) =>
    signOn.app('mail', {
      attributes: ['name'],
      settings: { preauthKey: key },
      signOn: signOnOf.mail!(mail.origin, signOn.origin),
      ...more,
    });
  const open = async (who = person, leaves: string[] = []) => {
    const browse = createBrowse(leaves);
    const page = await browse.open(`${signOn.origin}/sso/webmail/open`);
    return { browse, came: await browse.submit(page, { username: who.username, password: who.password }) };
  };
  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire('Võ Thị Cúc');
    address = `${person.username}@${domain}`;
    const addresses = [{ staffId: person.id, email: address }];
    await signOn.hub.call('staff.confirm-email', { addresses, source: 'mail' });
    const account = {
      externalId: '1',
      enabled: true,
      code: person.code,
      username: person.username,
      name: person.name,
    };
    mail = await serveApp(await createMail({ accounts: [account], domain, credentials }));
    await register();
  });
  after(async () => {
    await mail?.stop();
    await signOn?.stop();
  });

  it('asks for the one password and shows the mailbox of who signed in', async () => {
    const { came } = await open();
    assert.equal(came.url, `${mail.origin}/`);
    assert.ok(came.text.includes(`Hộp thư: ${address}`), came.text);
    assert.ok(came.text.includes(person.name));
  });

  it('is on the page of "my apps"', async () => {
    const { browse } = await open();
    const page = await browse.open(`${signOn.origin}/`);
    assert.ok(page.text.includes(`href="${signOn.origin}/sso/webmail/open"`));
  });

  it('names the account that the register knows, whatever the address asks for', async () => {
    const { browse } = await open();
    const lead = createBrowse([mail.origin]);
    for (const cookie of await browse.jar.getCookies(signOn.origin))
      await lead.jar.setCookie(cookie, signOn.origin);
    const { url } = await lead.open(`${signOn.origin}/sso/webmail/open?app=mail&account=root@${domain}`);
    const asked = new URL(url).searchParams;
    assert.equal(asked.get('account'), address);
    const proof = createHmac('sha1', key)
      .update(`${address}|name|0|${asked.get('timestamp')}`)
      .digest('hex');
    assert.equal(asked.get('preauth'), proof);
    assert.ok(Math.abs(Date.now() - Number(asked.get('timestamp'))) < 60_000, 'milliseconds, now');
  });

  it('tells who has no address yet what to do', async () => {
    const newcomer = await signOn.hire('Lý Thị Mới');
    const { came } = await open(newcomer);
    assert.equal(came.status, 200);
    assert.match(came.text, /chưa có địa chỉ thư công vụ/);
  });

  it('says so when the key is missing, and shows the key to nobody', async () => {
    const shown = await register({ settings: {} });
    try {
      const { came } = await open();
      assert.match(came.text, /thiếu khóa preauth/);
    } finally {
      await register();
    }
    assert.ok(!JSON.stringify(shown).includes(key));
    const listed = await signOn.hub.call('apps.list', {});
    assert.ok(!JSON.stringify(listed).includes(key));
    assert.ok(!signOn.lines.join('').includes(key));
  });

  it('knows no other app: only those that share a key with a mail server', async () => {
    const page = await createBrowse().open(`${signOn.origin}/sso/webmail/open?app=portal`);
    assert.equal(page.status, 404);
  });

  describe('at the mail server', () => {
    const knock = (more: Record<string, string>, secret = key) => {
      const asked = { account: address, by: 'name', expires: '0', timestamp: String(Date.now()), ...more };
      const text = `${asked.account}|${asked.by}|${asked.expires}|${asked.timestamp}`;
      const preauth = createHmac('sha1', secret).update(text).digest('hex');
      const query = new URLSearchParams({ preauth, ...asked });
      return fetch(`${mail.origin}/service/preauth?${query}`, { redirect: 'manual' });
    };

    it('opens by a fresh proof with the right key, and by none that is old, forged, or for a mailbox that is not there', async () => {
      assert.equal((await knock({})).status, 302);
      assert.equal((await knock({ timestamp: String(Date.now() - 301_000) })).status, 400);
      assert.equal((await knock({ timestamp: String(Date.now() + 301_000) })).status, 400);
      assert.equal((await knock({}, 'another')).status, 400);
      assert.equal((await knock({ preauth: '0'.repeat(40) })).status, 400);
      assert.equal((await knock({ account: `khong-co@${domain}` })).status, 400);
    });

    it('shows no mailbox without the cookie', async () => {
      assert.equal((await fetch(`${mail.origin}/`)).status, 401);
    });
  });
});
