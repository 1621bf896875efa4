import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import * as oidc from 'openid-client';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import { makeActivation } from '#sso/accounts/make-activation.ts';
import { takeRights } from '#sso/leaving/take-rights.ts';
import { startSession } from '#sso/sessions/start-session.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { newBrowser } from '#tests/sso/open-apps.ts';
import { callback } from '#tests/sso/relying-party.ts';
import { noticesOf, sessionEventsOf, sessionsOf } from '#tests/sso/session-facts.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { createToldApps, type ToldApps, within } from '#tests/sso/told-apps.ts';

describe('Leaving', () => {
  let signOn: SignOn;
  let told: ToldApps;
  let person: Person;
  before(async () => {
    signOn = await startSignOn();
    told = createToldApps(signOn);
  });
  after(async () => {
    await signOn.stop();
    await told.stop();
  });
  beforeEach(async () => {
    person = await signOn.hire();
  });
  const db = () => signOn.hub.db;

  it('ends every session and token of the person, and all apps are told that all sessions are over', async () => {
    const first = await told.newApp(200, { refresh: true });
    const second = await told.newApp(200, { idTokenAlgorithm: 'ES256' });
    const colleague = await signOn.hire('Trần Thị Bình');
    const theirs = newBrowser();
    const theirTokens = await first.app.enter(theirs, colleague);
    const browse = newBrowser();
    const tokens = await first.app.enter(browse, person);
    await second.app.enter(browse, person);
    await first.app.enter(newBrowser(), person);
    assert.ok(tokens.refresh_token);

    await signOn.setStatus(person, 'left');
    const from = performance.now();
    await assert.rejects(
      oidc.refreshTokenGrant(first.app.config, tokens.refresh_token),
      { error: 'invalid_grant' },
      'at once, whatever has been cleared up by then',
    );
    await waitUntil(
      'both apps are told',
      () => first.receiver.forAll.length > 0 && second.receiver.forAll.length > 0,
      within,
    );
    console.log(`      told after ${Math.round(performance.now() - from)} ms`);
    for (const [{ app, receiver }] of [[first], [second]] as const) {
      const [token, ...others] = receiver.forAll;
      assert.deepEqual(others, [], 'one token means all sessions');
      await waitUntil(
        'each is told by its name too, for clients that look for nothing else',
        () =>
          receiver.taken.length > 1 &&
          new Set(receiver.taken.map(({ sid }) => sid)).size === receiver.taken.length,
        within,
      );
      assert.deepEqual([token!.sub, token!.aud], [person.id, app.clientId]);
      assert.ok(!('sid' in token!));
      assert.deepEqual(token!.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
    }
    const { rows } = await sql`select 1 from oidc_record where account_id = ${person.id}`.execute(db());
    assert.deepEqual(rows, []);
    const sessions = await sessionsOf(db(), person.id);
    assert.deepEqual(
      sessions.map(({ endReason }) => endReason),
      ['left', 'left'],
    );
    assert.equal((await sessionEventsOf(db(), person.id)).length, 4);

    assert.equal((await sessionsOf(db(), colleague.id))[0]!.endedAt, null);
    await oidc.fetchUserInfo(first.app.config, theirTokens.access_token, colleague.id);
    await oidc.refreshTokenGrant(first.app.config, theirTokens.refresh_token!);
    assert.deepEqual(await noticesOf(db(), colleague.id), []);
  });

  it('for a while (suspension) does the same, and who returns signs in anew', async () => {
    const { app, receiver } = await told.newApp();
    const browse = newBrowser();
    await app.enter(browse, person);
    await signOn.setStatus(person, 'suspended');
    await waitUntil('the app is told', () => receiver.forAll.length === 1, within);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endReason, 'suspended');
    const barred = await app.open(browse, person);
    assert.equal(barred.status, 422);
    await signOn.setStatus(person, 'active');
    assert.ok((await app.open(browse, person)).url.startsWith(callback));
  });

  it('takes roles and an unused code with it, which a suspension does not and a return does not bring back', async () => {
    const { call } = signOn.hub;
    const rights = async () => {
      const { rows } = await sql<{ roles: string; codes: string }>`
        select (select count(*) from staff_role where staff_id = ${person.id}) as roles,
               (select count(*) from activation where staff_id = ${person.id}) as codes`.execute(db());
      return [Number(rows[0]!.roles), Number(rows[0]!.codes)];
    };
    const ended = async (count: number) =>
      (await sessionsOf(db(), person.id)).filter(({ endedAt }) => endedAt !== null).length === count;
    const { app } = await told.newApp();
    await call('sso.set-roles', { staffId: person.id, roles: ['clerk', 'internet'], actor: 'test' });
    const staff = await call('staff.get', { id: person.id });
    await makeActivation(signOn.hub.context, { staff, actor: 'test', requestId: randomUUID() });
    await app.enter(newBrowser(), person);
    await signOn.setStatus(person, 'suspended');
    await waitUntil('the suspension is followed', () => ended(1), within);
    assert.deepEqual(await rights(), [2, 1]);
    await signOn.setStatus(person, 'active');
    await signOn.setStatus(person, 'left');
    await waitUntil('roles and code are taken', async () => (await rights()).join() === '0,0', within);
    const { rows } = await sql`
      select actor, detail from audit where action = 'roles.set' and object = ${`staff/${person.id}`}
      order by id desc limit 1`.execute(db());
    assert.deepEqual(rows, [{ actor: 'system', detail: { roles: [], reason: 'left' } }]);
    await signOn.setStatus(person, 'active');
    await call('sso.set-roles', { staffId: person.id, roles: ['clerk'], actor: 'test' });
    await takeRights(db(), { staffId: person.id, until: new Date(0) });
    assert.deepEqual(
      await rights(),
      [1, 0],
      'what was given since stays when an old leave is followed again',
    );
  });

  it('reaches apps whose session with us has expired, since theirs may go on', async () => {
    const { app, receiver } = await told.newApp();
    await app.enter(newBrowser(), person);
    await sql`
      update sign_in_session set ended_at = now(), end_reason = 'expired' where staff_id = ${person.id}`.execute(
      db(),
    );
    await signOn.setStatus(person, 'left');
    await waitUntil('the app is told', () => receiver.forAll.length === 1, within);
  });

  it('in the middle of a sign-in ends it: nothing is opened', async () => {
    const { app } = await told.newApp();
    const half = createBrowse(['http://app.test/', `${signOn.origin}/sso/auth/`]);
    const { url } = await app.begin();
    const page = await half.open(url);
    const proven = await half.submit(page, { username: person.username, password: person.password });
    assert.match(proven.url, /\/sso\/auth\/.+/, 'all is proven, only the answer is missing');
    await signOn.setStatus(person, 'left');
    const rest = createBrowse(['http://app.test/']);
    for (const cookie of (await half.jar.serialize()).cookies)
      await rest.jar.setCookie(
        `${cookie.key}=${cookie.value}; Path=${cookie.path}`,
        `${signOn.origin}${cookie.path}`,
      );
    const end = await rest.open(proven.url);
    assert.ok(end.url.startsWith(signOn.origin), end.url);
    assert.deepEqual(await sessionsOf(db(), person.id), []);
    // Asked anew, or, when everything of theirs has been cleared up already, told that the page is no longer known.
    if (!end.text.includes('name="password"')) return assert.equal(end.status, 400, end.text);
    const barred = await rest.submit(end, { username: person.username, password: person.password });
    // Refused by name, or, when everything of theirs has been cleared up meanwhile, by a page that is no longer known.
    assert.ok([400, 422].includes(barred.status), barred.text);
    assert.match(barred.text, /role="alert"/);
  });

  it('just after it was looked at whether they may sign in leaves no session either', async () => {
    await signOn.setStatus(person, 'left');
    const uid = 'late';
    const started = await startSession(signOn.hub.context, {
      uid,
      staffId: person.id,
      zone: 'wan',
      address: '10.0.0.1',
      agent: 'test',
      amr: ['pwd'],
      units: [],
      app: undefined,
    });
    assert.equal(started, false);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endReason, 'left');
    const versions = (await sessionEventsOf(db(), person.id)).map(event => event.subjectVersion);
    assert.deepEqual(versions, [1, 2]);
  });

  it('ends two hundred sessions with one word to the app', async () => {
    const { app, receiver } = await told.newApp();
    await app.enter(newBrowser(), person);
    await sql`
      with made as (
        insert into sign_in_session (uid, staff_id, zone, address, agent, amr)
        select 'many-' || nr, ${person.id}, 'wan', '10.0.0.1', 'test', '{pwd}' from generate_series(1, 199) nr
        returning uid),
      kept as (
        insert into oidc_record (model, id_hash, payload, uid, account_id, expires_at)
        select 'Session', sha256(uid::bytea), '{}', uid, ${person.id}, now() + interval '1 hour' from made)
      insert into session_app (uid, client_id, app_id, sid) select uid, ${app.clientId}, 'x', uid from made`.execute(
      db(),
    );
    await signOn.setStatus(person, 'left');
    await waitUntil('the app is told', () => receiver.forAll.length > 0, within);
    const sessions = await sessionsOf(db(), person.id);
    assert.equal(sessions.length, 200);
    assert.ok(sessions.every(({ endReason }) => endReason === 'left'));
    assert.equal((await noticesOf(db(), person.id)).length, 1);
  });
});
