import assert from 'node:assert/strict';
import createConsole from '#hub/console/console.service.ts';
import { giveName, newBrowser } from '#tests/sso/relying-party.ts';
import { startSignOn } from '#tests/sso/start-sign-on.ts';

describe('The console of a hub', () => {
  it('opens to the IT centre on the province’s network, and to a session from there no more when it comes from the Internet', async () => {
    const signOn = await startSignOn({ parts: [createConsole] });
    const admin = await signOn.hire();
    await signOn.hub.call('sso.set-roles', { staffId: admin.id, roles: ['it-centre'], actor: 'test' });
    const browse = newBrowser();
    await giveName(browse, await browse.open(`${signOn.origin}/`), admin);
    const open = async (headers: Record<string, string>) =>
      fetch(`${signOn.origin}/console`, {
        redirect: 'manual',
        headers: { cookie: await browse.jar.getCookieString(signOn.origin), ...headers },
      });
    assert.equal((await open({})).status, 200);
    // The specs stand on loopback, whose word is taken for where a request comes from.
    const outside = await open({ 'x-forwarded-for': '203.0.113.9' });
    assert.equal(outside.status, 303);
    assert.match(outside.headers.get('location')!, /\/sso\/my\/open/);
    await signOn.stop();
  });
});
