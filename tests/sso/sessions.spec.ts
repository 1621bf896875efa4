import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import type { Event } from '#schemas/event.ts';
import type { Browse } from '#tests/sso/browse.ts';
import { newBrowser, type OpenedByOpenId, registerApp } from '#tests/sso/open-apps.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

describe('A sign-in', () => {
  let signOn: SignOn;
  let portal: OpenedByOpenId;
  let mail: OpenedByOpenId;
  before(async () => {
    signOn = await startSignOn();
    portal = await registerApp(signOn, 'portal');
    mail = await registerApp(signOn, 'mail');
  });
  after(() => signOn.stop());

  it('x', async () => {
    const person = await signOn.hire();
    const t = await portal.enter(newBrowser(), person);
    console.log(t.claims());
    console.log((await sql`select * from sign_in_session`.execute(signOn.hub.db)).rows, (await sql`select * from session_app`.execute(signOn.hub.db)).rows);
    console.log((await sql`select * from event where subject like 'session/%'`.execute(signOn.hub.db)).rows);
  });
});
