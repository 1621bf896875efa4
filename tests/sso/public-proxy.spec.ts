import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import createSigningDesk from '#hub/signing-desk/signing-desk.service.ts';
import { internet } from '#tests/sso/authenticator.ts';
import { fillIn, runNginx } from '#tests/sso/start-nginx.ts';
import { type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { type SteppingParty, steppingParty } from '#tests/sso/stepping-party.ts';
import { chooseFreePort } from '#tests/support/free-port.ts';

const read = (name: string): string => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');

describe('The proxy of the production shape', () => {
  let signOn: SignOn;
  let app: SteppingParty;
  let nginx: Awaited<ReturnType<typeof runNginx>>;
  let inside: string;
  let outside: string;
  before(async () => {
    const internetPort = await chooseFreePort();
    signOn = await startSignOn({ config: { internetPort }, parts: [createSigningDesk] });
    app = await steppingParty(signOn, 'portal');
    const [port, outer, plain] = [await chooseFreePort(), await chooseFreePort(), await chooseFreePort()];
    inside = `http://127.0.0.1:${port}`;
    outside = `http://127.0.0.1:${outer}`;
    const hub = new URL(signOn.origin).host;
    nginx = await runNginx(port, places =>
      fillIn(read('deploy/nginx.conf'), {
        'worker_processes auto': 'worker_processes 1',
        'server_tokens off;': `server_tokens off; ${places}`,
        '/dev/stdout line': 'off',
        '/dev/stderr warn': 'stderr',
        'ssl_certificate /run/secrets/tls.crt;': '',
        'ssl_certificate_key /run/secrets/tls.key;': '',
        'http2 on;': '',
        'listen 80;': `listen 127.0.0.1:${plain};`,
        'listen 443 ssl;': `listen 127.0.0.1:${port};`,
        'listen 8443 ssl;': `listen 127.0.0.1:${outer};`,
        'http://hub:8081': `http://127.0.0.1:${internetPort}`,
        'http://hub:8080': `http://${hub}`,
        'http://flows:8080': `http://${hub}`,
        'http://sso:8080': `http://${hub}`,
        'http://sso:8081': `http://127.0.0.1:${internetPort}`,
      }),
    );
  });
  after(async () => {
    await nginx?.stop();
    await signOn?.stop();
  });

  /** What an app hears that may not be opened from the Internet, and where nobody is signed in. */
  const errorBy = async (door: string, from: string) => {
    const { pathname, search } = new URL(await app.begin({ prompt: 'none' }));
    const answer = await fetch(door + pathname + search, {
      redirect: 'manual',
      headers: { 'x-forwarded-for': from },
    });
    return new URL(answer.headers.get('location')!).searchParams.get('error');
  };

  it('leads each door to its own, whatever the caller says of where they are', async () => {
    for (const from of ['10.1.2.3', internet]) {
      assert.equal(await errorBy(inside, from), 'login_required');
      assert.equal(await errorBy(outside, from), 'access_denied');
    }
  });

  it('shows the Internet nothing but signing in and the signing desk', async () => {
    assert.equal((await fetch(`${outside}/sso/.well-known/openid-configuration`)).status, 200);
    for (const path of ['/console', '/flows/', '/api/v1/staff', '/metrics', '/forward-auth/app/x'])
      assert.equal((await fetch(outside + path)).status, 404, path);
    const desk = await fetch(`${outside}/signing`, { redirect: 'manual' });
    assert.match(desk.headers.get('location')!, /^\/sso\/my\/open\?/);
    assert.equal((await fetch(`${inside}/api/v1/staff`)).status, 401);
  });

  it('is the only one whose word is taken, over a network that is the hub’s alone', () => {
    const compose = read('docker-compose.yml');
    const trusted = [...compose.matchAll(/LIENTHONG_TRUSTED_PROXIES: ([^\s}]+)/g)].map(([, whom]) => whom);
    assert.deepEqual(trusted, Array(4).fill('*inside-subnet'));
    assert.match(
      compose,
      /inside:\n {4}internal: true\n {4}ipam: \{ config: \[\{ subnet: \*inside-subnet \}\] \}/,
    );
    assert.match(compose, /nginx:\n[\s\S]*?networks: \[inside, edge\]/);
    assert.match(compose, /LIENTHONG_INTERNET_PORT: 8081/);
  });
});
