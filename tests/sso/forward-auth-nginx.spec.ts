import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { createAppBrowser } from '#tests/sso/behind-proxy.ts';
import { startNginx } from '#tests/sso/start-nginx.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

describe('A real nginx with the sample configuration', () => {
  let signOn: SignOn;
  let person: Person;
  let app: Server;
  let nginx: Awaited<ReturnType<typeof startNginx>>;
  let origin: string;
  /** What reached the app: the method and the headers. */
  const reached: { method: string; headers: IncomingHttpHeaders }[] = [];

  before(async () => {
    signOn = await startSignOn();
    person = await signOn.hire('Lê Thị Bưởi');
    app = createServer((request, response) => {
      reached.push({ method: request.method!, headers: request.headers });
      request.resume().on('end', () => response.end('the app'));
    }).listen(0, '127.0.0.1');
    await once(app, 'listening');
    const port = await chooseFreePort();
    origin = `http://localhost:${port}`;
    nginx = await startNginx({
      port,
      hubPort: Number(new URL(signOn.origin).port),
      appPort: (app.address() as AddressInfo).port,
    });
    await signOn.app('directives', {
      attributes: ['username', 'name'],
      signOn: { forwardAuth: { origins: [origin] } },
    });
  });
  beforeEach(() => {
    reached.length = 0;
  });
  after(async () => {
    await nginx?.stop();
    app?.closeAllConnections();
    app?.close();
    await signOn?.stop();
  });

  const signedIn = async () => {
    const browse = createAppBrowser(signOn);
    const page = await browse.open(`${origin}/viec?trang=2`);
    const came = await browse.signIn(page, person);
    assert.equal(came.text, 'the app');
    assert.equal(came.url, `${origin}/viec?trang=2`);
    return browse;
  };

  it('leads through the sign-in to the page that was asked for, and tells the app who it is', async () => {
    await signedIn();
    assert.equal(reached.length, 1, 'nothing reaches the app before');
    const { headers } = reached[0]!;
    assert.equal(headers['x-auth-staff-id'], person.id);
    assert.equal(headers['x-auth-user'], person.username);
    assert.equal(decodeURIComponent(headers['x-auth-name'] as string), person.name);
  });

  it('lets no identity header of a client through, not even one that the app may not have', async () => {
    const browse = await signedIn();
    reached.length = 0;
    const spoofed = {
      'X-Auth-Staff-Id': 'root',
      'X-Auth-Unit': 'root',
      'X-Auth-Jwt': 'x',
      'X-Auth-Name': 'root',
    };
    assert.equal((await browse.ask(`${origin}/`, { headers: spoofed })).status, 200);
    const { headers } = reached[0]!;
    assert.equal(headers['x-auth-staff-id'], person.id);
    assert.equal(headers['x-auth-unit'] ?? '', '');
    assert.equal(decodeURIComponent(headers['x-auth-name'] as string), person.name);
    assert.notEqual(headers['x-auth-jwt'], 'x');
  });

  it('heeds no word of a client on the address that is asked for', async () => {
    const headers = {
      'X-Original-URL': 'http://other.test/',
      'X-Forwarded-Host': 'other.test',
      'X-Forwarded-Uri': '/x',
      'X-Forwarded-For': '203.0.113.9',
    };
    const browse = await signedIn();
    assert.equal((await browse.ask(`${origin}/`, { headers })).status, 200);
    const fresh = createAppBrowser(signOn);
    const answer = await fresh.ask(`${origin}/a`, { headers });
    assert.equal(answer.headers.get('location'), `${origin}/.lienthong/sign-in?to=%2Fa`);
  });

  it('answers 401 to a form or a script without a session, and at once when the session has ended', async () => {
    const fresh = createAppBrowser(signOn);
    const script = { headers: { 'sec-fetch-mode': 'cors' } };
    for (const init of [script, { method: 'POST' as const, body: new URLSearchParams({ a: '1' }) }]) {
      const answer = await fresh.ask(`${origin}/`, init);
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get('location'), null);
    }
    assert.equal(reached.length, 0);
    const browse = await signedIn();
    assert.equal((await browse.ask(`${origin}/`, script)).status, 200);
    await sql`delete from oidc_record where model = 'Session'`.execute(signOn.hub.db);
    assert.equal((await browse.ask(`${origin}/`, script)).status, 401);
  });

  it('lets nobody ask the check itself', async () => {
    assert.equal((await createAppBrowser(signOn).ask(`${origin}/.lienthong-check`)).status, 404);
  });
});
