import assert from 'node:assert/strict';
import { sql } from 'kysely';
import * as oidc from 'openid-client';
import { endSessions } from '#sso/sessions/end-sessions.ts';
import { expireSessions } from '#sso/sessions/expire-sessions.ts';
import { removeOldSessions } from '#sso/sessions/session-store.ts';
import type { Browse, Visit } from '#tests/sso/browse.ts';
import { newBrowser, type OpenedByOpenId } from '#tests/sso/open-apps.ts';
import { noticesOf, sessionEventsOf, sessionsOf } from '#tests/sso/session-facts.ts';
import type { Person, SignOn } from '#tests/sso/start-sign-on.ts';
import { startTwoApps, type TwoApps } from '#tests/sso/two-apps.ts';

describe('The session of a person', () => {
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
    await expireSessions(signOn.hub.context, settings, 100);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endedAt, null, 'it is in use');
    await sql`update sign_in_session set seen_at = now() - interval '3 hours' where staff_id = ${person.id}`.execute(
      db(),
    );
    await expireSessions(signOn.hub.context, settings, 100);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endedAt, null, 'the provider keeps it still');
    await sql`
      update oidc_record set expires_at = now() - interval '1 second'
      where model = 'Session' and account_id = ${person.id}`.execute(db());
    await expireSessions(signOn.hub.context, settings, 100);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endReason, 'expired');
    assert.deepEqual(
      (await sessionEventsOf(db(), person.id)).map(({ data }) => data.reason),
      [undefined, 'expired'],
    );
    assert.deepEqual(await noticesOf(db(), person.id), []);
  });

  it('is ended, and forgotten long after, with few others at a time', async () => {
    await sql`
      insert into sign_in_session (uid, staff_id, zone, address, agent, amr, seen_at)
      select 'idle-' || nr, ${person.id}, 'wan', '10.0.0.1', 'test', '{pwd}', now() - interval '3 hours'
      from generate_series(1, 3) nr`.execute(db());
    const { context } = signOn.hub;
    for (const found of [2, 1, 0])
      assert.equal(await expireSessions(context, context.config.signOn, 2), found);
    assert.equal(await removeOldSessions(db(), 90, 2), 0, 'they ended just now');
    await sql`
      update sign_in_session set ended_at = now() - interval '91 days' where staff_id = ${person.id}`.execute(
      db(),
    );
    await sql`
      insert into sign_out_notice (staff_id, client_id, reason, state, settled_at)
      select ${person.id}, 'x', 'expired', 'told', now() - interval '91 days' from generate_series(1, 4)`.execute(
      db(),
    );
    for (const removed of [2, 2, 0]) assert.equal(await removeOldSessions(db(), 90, 2), removed);
    assert.deepEqual(await sessionsOf(db(), person.id), []);
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
    await assert.rejects(portal.finish(came, verifier), { error: 'invalid_grant' });
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
