import assert from 'node:assert/strict';
import { sql } from 'kysely';
import * as oidc from 'openid-client';
import { endSessions } from '#sso/sessions/end-sessions.ts';
import { expireSessions } from '#sso/sessions/expire-sessions.ts';
import type { Browse, Visit } from '#tests/sso/browse.ts';
import { callback, newBrowser, type OpenedByOpenId, registerApp } from '#tests/sso/open-apps.ts';
import { noticesOf, sessionEventsOf, sessionsOf } from '#tests/sso/session-facts.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';

const cookieOf = async ({ jar }: Browse, origin: string): Promise<string | undefined> =>
  (await jar.getCookies(origin)).find(({ key }) => key === 'lienthong_session')?.value;

describe('A session of a person', () => {
  let signOn: SignOn;
  let portal: OpenedByOpenId;
  let mail: OpenedByOpenId;
  let person: Person;
  before(async () => {
    signOn = await startSignOn();
    portal = await registerApp(signOn, 'portal', { postLogoutRedirectUris: ['http://app.test/bye'] });
    mail = await registerApp(signOn, 'mail');
  });
  after(() => signOn.stop());
  beforeEach(async () => {
    person = await signOn.hire();
  });

  const home = (browse: Browse): Promise<Visit> => browse.open(`${signOn.origin}/`);
  const isSignedIn = async (browse: Browse): Promise<boolean> =>
    !(await home(browse)).text.includes('name="password"');
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

  it('ends by the button on the first page, with its tokens, and nobody else’s does', async () => {
    const [browse, elsewhere] = [newBrowser(), newBrowser()];
    const colleague = await signOn.hire('Trần Thị Bình');
    const theirs = newBrowser();
    await mail.open(theirs, colleague);
    await portal.enter(elsewhere, person);
    const tokens = await portal.enter(browse, person);
    const bye = await browse.submit(await home(browse), {});
    assert.match(bye.url, /\/sso\/session\/end\/success$/);
    assert.ok(!(await isSignedIn(browse)));
    assert.ok((await isSignedIn(elsewhere)) && (await isSignedIn(theirs)));
    await assert.rejects(oidc.fetchUserInfo(portal.config, tokens.access_token, person.id));
    const sessions = await sessionsOf(db(), person.id);
    assert.deepEqual(
      sessions.map(({ endReason }) => endReason),
      [null, 'signed-out'],
    );
    const events = await sessionEventsOf(db(), person.id);
    const ended = events.at(-1)!;
    assert.equal(ended.type, 'vn.lienthong.session.ended.v1');
    assert.deepEqual(ended.data, {
      staffId: person.id,
      sessionId: sessions[1]!.uid,
      zone: 'wan',
      reason: 'signed-out',
      units: [],
    });
    assert.equal((await sessionEventsOf(db(), colleague.id)).length, 1);
  });

  it('does not end by a form that was drawn for another session', async () => {
    const [browse, other] = [newBrowser(), newBrowser()];
    await portal.open(browse, person);
    await portal.open(other, person);
    const page = await home(other);
    const answer = await browse.submit(page, {});
    assert.equal(answer.status, 400);
    assert.ok(await isSignedIn(browse));
  });

  it('ends at an app that asks for it, by the word of the person', async () => {
    const browse = newBrowser();
    const tokens = await portal.enter(browse, person);
    await mail.enter(browse, person);
    const url = oidc.buildEndSessionUrl(portal.config, {
      id_token_hint: tokens.id_token!,
      post_logout_redirect_uri: 'http://app.test/bye',
    });
    const page = await browse.open(url.href);
    const [before] = await sessionsOf(db(), person.id);
    assert.equal(before!.endedAt, null, 'not before the person said so');
    const bye = await browse.submit(page, { logout: 'yes' });
    assert.ok(bye.url.startsWith('http://app.test/bye'));
    const [session] = await sessionsOf(db(), person.id);
    assert.equal(session!.endReason, 'signed-out');
    assert.deepEqual(
      (await noticesOf(db(), person.id)).map(({ clientId }) => clientId).sort(),
      [mail.clientId, portal.clientId].sort(),
    );
  });

  it('expires without a word to the apps, and the fact is told', async () => {
    const browse = newBrowser();
    await portal.open(browse, person);
    const settings = signOn.hub.context.config.signOn;
    await expireSessions(signOn.hub.context, settings);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endedAt, null, 'it is in use');
    await sql`update sign_in_session set seen_at = now() - interval '3 hours' where staff_id = ${person.id}`.execute(
      db(),
    );
    await expireSessions(signOn.hub.context, settings);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endedAt, null, 'the provider keeps it still');
    await sql`
      update oidc_record set expires_at = now() - interval '1 second'
      where model = 'Session' and account_id = ${person.id}`.execute(db());
    await expireSessions(signOn.hub.context, settings);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endReason, 'expired');
    assert.deepEqual(
      (await sessionEventsOf(db(), person.id)).map(({ data }) => data.reason),
      [undefined, 'expired'],
    );
    assert.deepEqual(await noticesOf(db(), person.id), []);
  });

  it('that has ended is not brought back by a request that was under way', async () => {
    const browse = newBrowser();
    await portal.open(browse, person);
    const { uid } = (await sessionsOf(db(), person.id))[0]!;
    await sql`create table saved_session as select * from oidc_record where model = 'Session' and uid = ${uid}`.execute(
      db(),
    );
    await endSessions(signOn.hub.context, [uid], { reason: 'revoked', actor: 'test' });
    await sql`insert into oidc_record select * from saved_session`.execute(db());
    assert.ok(!(await isSignedIn(browse)));
    const page = await browse.open((await mail.begin()).url);
    assert.ok(page.text.includes('name="password"'));
  });

  it('that has ended leaves a code worthless that was not redeemed yet', async () => {
    const { url, verifier } = await portal.begin();
    const browse = newBrowser();
    const { username, password } = person;
    const came = await browse.submit(await browse.open(url), { username, password });
    const { uid } = (await sessionsOf(db(), person.id))[0]!;
    await endSessions(signOn.hub.context, [uid], { reason: 'revoked', actor: 'test' });
    await assert.rejects(
      oidc.authorizationCodeGrant(portal.config, new URL(came.url), { pkceCodeVerifier: verifier }),
      { error: 'invalid_grant' },
    );
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

  it('ends once, however many end it at the same moment, and its facts have no gap', async () => {
    for (let count = 0; count < 3; count += 1) await portal.open(newBrowser(), person);
    const uids = (await sessionsOf(db(), person.id)).map(({ uid }) => uid);
    const ending = { reason: 'revoked', actor: 'test' } as const;
    const counts = await Promise.all([
      endSessions(signOn.hub.context, uids, ending),
      endSessions(signOn.hub.context, uids.toReversed(), ending),
      ...uids.map(uid => endSessions(signOn.hub.context, [uid], ending)),
    ]);
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      3,
    );
    const events = await sessionEventsOf(db(), person.id);
    for (const uid of uids)
      assert.deepEqual(
        events.filter(({ subject }) => subject === `session/${uid}`).map(event => event.subjectVersion),
        [1, 2],
      );
    assert.equal((await noticesOf(db(), person.id)).length, 3, 'one for each session');
  });
});
