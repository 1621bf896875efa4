import assert from 'node:assert/strict';
import { sql } from 'kysely';
import * as oidc from 'openid-client';
import { endSessions } from '#sso/sessions/end-sessions.ts';
import type { Browse, Visit } from '#tests/sso/browse.ts';
import { newBrowser, type OpenedByOpenId, registerApp } from '#tests/sso/open-apps.ts';
import { callback } from '#tests/sso/relying-party.ts';
import { sessionEventsOf, sessionsOf } from '#tests/sso/session-facts.ts';
import type { Person, SignOn } from '#tests/sso/start-sign-on.ts';
import { startTwoApps, type TwoApps } from '#tests/sso/two-apps.ts';

const cookieOf = async ({ jar }: Browse, origin: string): Promise<string | undefined> =>
  (await jar.getCookies(origin)).find(({ key }) => key === 'lienthong_session')?.value;

describe('A session of a person', () => {
  let signOn: SignOn;
  let portal: OpenedByOpenId;
  let mail: OpenedByOpenId;
  let isSignedIn: TwoApps['isSignedIn'];
  let person: Person;
  before(async () => {
    ({ signOn, portal, mail, isSignedIn } = await startTwoApps());
  });
  after(() => signOn.stop());
  beforeEach(async () => {
    person = await signOn.hire();
  });

  const home = (browse: Browse): Promise<Visit> => browse.open(`${signOn.origin}/`);
  const db = () => signOn.hub.db;

  it('is written, with the app and the fact, before the browser is answered', async () => {
    const came = await portal.open(newBrowser(), person);
    assert.ok(came.url.startsWith(callback));
    const [session] = await sessionsOf(db(), person.id);
    assert.equal(session!.endedAt, null);
    assert.deepEqual([session!.zone, session!.address, session!.amr], ['wan', '127.0.0.1', ['pwd']]);
    assert.deepEqual(
      session!.apps.map(({ clientId, appId }) => [clientId, appId]),
      [[portal.clientId, 'portal']],
    );
    const [started, ...others] = await sessionEventsOf(db(), person.id);
    assert.deepEqual(others, []);
    assert.equal(started!.type, 'vn.lienthong.session.started.v1');
    assert.deepEqual([started!.subject, started!.subjectVersion], [`session/${session!.uid}`, 1]);
    assert.deepEqual(started!.data, {
      staffId: person.id,
      sessionId: session!.uid,
      zone: 'wan',
      amr: ['pwd'],
      app: 'portal',
      units: [],
    });
  });

  it('opens a second app without another fact', async () => {
    const browse = newBrowser();
    await portal.open(browse, person);
    const [before] = await sessionsOf(db(), person.id);
    const second = await mail.enter(browse, person);
    assert.equal(second.claims()!.sub, person.id);
    const [session] = await sessionsOf(db(), person.id);
    assert.deepEqual(
      session!.apps.map(({ appId }) => appId),
      ['portal', 'mail'],
    );
    assert.ok(session!.seenAt > before!.seenAt);
    assert.equal((await sessionEventsOf(db(), person.id)).length, 1);
  });

  it('that goes on in another half of the day is told once, so nobody has to sign in again to be there', async () => {
    const browse = newBrowser();
    await portal.open(browse, person);
    await sql`update sign_in_session set seen_at = seen_at - interval '12 hours' where staff_id = ${person.id}`.execute(
      db(),
    );
    await mail.enter(browse, person);
    await portal.open(browse, person);
    const [session] = await sessionsOf(db(), person.id);
    const [, resumed, ...others] = await sessionEventsOf(db(), person.id);
    assert.deepEqual(others, []);
    assert.equal(resumed!.type, 'vn.lienthong.session.resumed.v1');
    assert.match(resumed!.subject, /^session\/[^/]+\/\d{4}-\d{2}-\d{2}\/[AP]M$/);
    assert.deepEqual(resumed!.data, {
      ...{ staffId: person.id, sessionId: session!.uid, zone: 'wan', app: 'mail', units: [] },
    });
  });

  it('that begins at our own pages has opened no app yet', async () => {
    const browse = newBrowser();
    await browse.submit(await home(browse), person as unknown as Record<string, string>);
    assert.ok(await isSignedIn(browse));
    const [session] = await sessionsOf(db(), person.id);
    assert.deepEqual(session!.apps, []);
    const [started] = await sessionEventsOf(db(), person.id);
    assert.ok(!('app' in started!.data));
  });

  it('opens an app on another device too', async () => {
    const television = await registerApp(signOn, 'television', { device: true });
    const device = await oidc.initiateDeviceAuthorization(television.config, { scope: 'openid' });
    const browse = newBrowser();
    let page = await browse.open(device.verification_uri);
    page = await browse.submit(page, { user_code: device.user_code });
    page = await browse.submit(page, { confirm: 'yes', user_code: device.user_code });
    const { username, password } = person;
    page = await browse.submit(page, { username, password });
    assert.equal(page.status, 200);
    const [session] = await sessionsOf(db(), person.id);
    assert.deepEqual(
      session!.apps.map(({ appId }) => appId),
      ['television'],
    );
    const tokens = await oidc.pollDeviceAuthorizationGrant(television.config, { ...device, interval: 0 });
    await endSessions(signOn.hub.context, [session!.uid], { reason: 'revoked', actor: 'test' });
    await assert.rejects(oidc.fetchUserInfo(television.config, tokens.access_token, person.id));
  });

  it('is not one that somebody planted in the browser before', async () => {
    const attacker = newBrowser();
    await attacker.open(`${signOn.origin}/sso/session/end`);
    const planted = await cookieOf(attacker, signOn.origin);
    assert.ok(planted, 'there is a session before anybody signs in');
    const { rows } = await sql<{ uid: string }>`
      select uid from oidc_record where model = 'Session' and id_hash = sha256(convert_to(${planted}, 'UTF8'))`.execute(
      db(),
    );
    const victim = newBrowser();
    for (const cookie of await attacker.jar.getCookies(signOn.origin))
      await victim.jar.setCookie(cookie, signOn.origin);
    await portal.open(victim, person);
    assert.ok(await isSignedIn(victim));
    assert.notEqual(await cookieOf(victim, signOn.origin), planted);
    const [session] = await sessionsOf(db(), person.id);
    assert.ok(rows[0]!.uid);
    assert.notEqual(session!.uid, rows[0]!.uid);
    assert.ok(!(await isSignedIn(attacker)), 'the planted cookie opens nothing');
  });

  it('keeps its name when the same person proves again who they are', async () => {
    const browse = newBrowser();
    await portal.open(browse, person);
    const { url } = await portal.begin({ prompt: 'login' });
    const came = await browse.submit(await browse.open(url), {
      username: person.username,
      password: person.password,
    });
    assert.ok(came.url.startsWith(callback));
    assert.equal((await sessionsOf(db(), person.id)).length, 1);
    assert.equal((await sessionEventsOf(db(), person.id)).length, 1);
  });

  it('that cannot be written opens nothing', async () => {
    await sql`alter table session_app rename to away`.execute(db());
    try {
      const end = await portal.open(newBrowser(), person);
      assert.equal(end.status, 500);
      assert.equal(end.headers.get('location'), null);
    } finally {
      await sql`alter table away rename to session_app`.execute(db());
    }
    assert.deepEqual(await sessionsOf(db(), person.id), []);
  });
});
