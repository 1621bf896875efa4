import assert from 'node:assert/strict';
import { sql } from 'kysely';
import * as oidc from 'openid-client';
import createApps from '#hub/apps/apps.service.ts';
import { waitUntil } from '#hub/platform/embedded/wait-until.ts';
import createStaff from '#hub/staff/staff.service.ts';
import createUnits from '#hub/units/units.service.ts';
import type { NoticeRow } from '#sso/leaving/notice-store.ts';
import { startSession } from '#sso/sessions/start-session.ts';
import createSso from '#sso/sso.service.ts';
import { createBrowse } from '#tests/sso/browse.ts';
import { type LogoutReceiver, startLogoutReceiver } from '#tests/sso/logout-receiver.ts';
import { callback, newBrowser, type OpenedByOpenId, registerApp } from '#tests/sso/open-apps.ts';
import { noticesOf, sessionEventsOf, sessionsOf } from '#tests/sso/session-facts.ts';
import { type Person, type SignOn, startSignOn } from '#tests/sso/start-sign-on.ts';
import { createTestHub } from '#tests/support/test-hub.ts';

const within = { withinMs: 30_000 };

describe('Leaving', () => {
  let signOn: SignOn;
  let person: Person;
  const receivers: LogoutReceiver[] = [];
  let count = 0;
  before(async () => {
    signOn = await startSignOn();
  });
  after(async () => {
    await signOn.stop();
    await Promise.all(receivers.map(receiver => receiver.stop()));
  });
  beforeEach(async () => {
    person = await signOn.hire();
  });
  const db = () => signOn.hub.db;

  /** An app with a client, and the address where it hears of sign-outs. */
  const newApp = async (
    answer: LogoutReceiver['answer'] = 200,
    more: Parameters<typeof registerApp>[2] = {},
  ): Promise<{ app: OpenedByOpenId; receiver: LogoutReceiver }> => {
    count += 1;
    const receiver = await startLogoutReceiver(signOn.origin, { answer });
    receivers.push(receiver);
    const app = await registerApp(signOn, `app-${count}`, { backchannelLogoutUri: receiver.uri, ...more });
    return { app, receiver };
  };
  const notice = (app: OpenedByOpenId, what: string, is: (row: NoticeRow) => boolean): Promise<NoticeRow> =>
    waitUntil(
      what,
      async () => (await noticesOf(db(), person.id)).find(row => row.clientId === app.clientId && is(row)),
      within,
    );
  const isTold = ({ state }: NoticeRow): boolean => state === 'told';
  const makeDue = (): Promise<unknown> =>
    sql`update sign_out_notice set due_at = now() where staff_id = ${person.id} and state = 'waiting'`
      .execute(db())
      .then(() => signOn.hub.context.wake.notify('sign-outs'));

  it('ends every session and token of the person, and all apps are told that all sessions are over', async () => {
    const first = await newApp(200, { refresh: true });
    const second = await newApp(200, { idTokenAlgorithm: 'ES256' });
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
      () => first.receiver.taken.length > 0 && second.receiver.taken.length > 0,
      within,
    );
    console.log(`      told after ${Math.round(performance.now() - from)} ms`);
    for (const [{ app, receiver }] of [[first], [second]] as const) {
      const [token, ...others] = receiver.taken;
      assert.deepEqual(others, [], 'one token means all sessions');
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
    const { app, receiver } = await newApp();
    const browse = newBrowser();
    await app.enter(browse, person);
    await signOn.setStatus(person, 'suspended');
    await waitUntil('the app is told', () => receiver.taken.length === 1, within);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endReason, 'suspended');
    const barred = await app.open(browse, person);
    assert.equal(barred.status, 422);
    await signOn.setStatus(person, 'active');
    assert.ok((await app.open(browse, person)).url.startsWith(callback));
  });

  it('reaches apps whose session with us has expired, since theirs may go on', async () => {
    const { app, receiver } = await newApp();
    await app.enter(newBrowser(), person);
    await sql`
      update sign_in_session set ended_at = now(), end_reason = 'expired' where staff_id = ${person.id}`.execute(
      db(),
    );
    await signOn.setStatus(person, 'left');
    await waitUntil('the app is told', () => receiver.taken.length === 1, within);
  });

  it('holds up nobody when an app never answers', async () => {
    const dead = await newApp('never');
    const alive = await newApp();
    const colleagues = await Promise.all(Array.from({ length: 6 }, () => signOn.hire()));
    const leavers = [...colleagues, person];
    for (const one of leavers) {
      const browse = newBrowser();
      await dead.app.enter(browse, one);
      await alive.app.enter(browse, one);
    }
    for (const one of leavers) await signOn.setStatus(one, 'left');
    await waitUntil('all are told', () => alive.receiver.taken.length === leavers.length, within);
    assert.deepEqual(
      new Set(alive.receiver.taken.map(({ sub }) => sub)),
      new Set(leavers.map(({ id }) => id)),
    );
    assert.ok(dead.receiver.hanging <= 4, 'few at a time');
    const waiting = await notice(
      dead.app,
      'the dead app is given time',
      ({ lastError }) => lastError !== null,
    );
    assert.deepEqual([waiting.state, waiting.lastError], ['waiting', 'timed-out']);
  });

  it('waits for an app that is down, and tells it once when it is back', async () => {
    const { app, receiver } = await newApp(503);
    await app.enter(newBrowser(), person);
    await signOn.setStatus(person, 'left');
    const waiting = await notice(app, 'a first attempt', ({ lastError }) => lastError !== null);
    assert.deepEqual([waiting.state, waiting.attempts, waiting.lastError], ['waiting', 1, 'status-503']);
    assert.ok(waiting.dueAt > waiting.createdAt);
    receiver.answer = 200;
    await makeDue();
    const told = await notice(app, 'it is told', isTold);
    assert.deepEqual([told.attempts, told.lastError], [2, null]);
    await makeDue();
    assert.equal(receiver.taken.length, 1);
  });

  it('gives an app up after three days, and says so', async () => {
    const { app } = await newApp(500);
    await app.enter(newBrowser(), person);
    await signOn.setStatus(person, 'left');
    await notice(app, 'a first attempt', ({ lastError }) => lastError !== null);
    await sql`update sign_out_notice set created_at = now() - interval '3 days' where staff_id = ${person.id}`.execute(
      db(),
    );
    await makeDue();
    const given = await notice(app, 'it is given up', ({ state }) => state === 'given-up');
    assert.equal(given.lastError, 'status-500');
  });

  it('follows no redirect: only the registered address is told', async () => {
    const { app, receiver } = await newApp(307);
    await app.enter(newBrowser(), person);
    await signOn.setStatus(person, 'left');
    const waiting = await notice(app, 'a first attempt', ({ lastError }) => lastError !== null);
    assert.equal(waiting.lastError, 'status-307');
    assert.deepEqual(receiver.taken, []);
  });

  it('shows of an app without an address that it cannot be told', async () => {
    const app = await registerApp(signOn, 'deaf');
    await app.enter(newBrowser(), person);
    await signOn.setStatus(person, 'left');
    await notice(app, 'nothing is sent', ({ state }) => state === 'not-wanted');
  });

  it('in the middle of a sign-in ends it: nothing is opened', async () => {
    const { app } = await newApp();
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
    assert.ok(end.text.includes('name="password"'));
    assert.deepEqual(await sessionsOf(db(), person.id), []);
    const barred = await rest.submit(end, { username: person.username, password: person.password });
    assert.equal(barred.status, 422);
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
      app: undefined,
    });
    assert.equal(started, false);
    assert.equal((await sessionsOf(db(), person.id))[0]!.endReason, 'left');
    const versions = (await sessionEventsOf(db(), person.id)).map(event => event.subjectVersion);
    assert.deepEqual(versions, [1, 2]);
  });

  it('ends two hundred sessions with one word to the app', async () => {
    const { app, receiver } = await newApp();
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
    await waitUntil('the app is told', () => receiver.taken.length > 0, within);
    const sessions = await sessionsOf(db(), person.id);
    assert.equal(sessions.length, 200);
    assert.ok(sessions.every(({ endReason }) => endReason === 'left'));
    assert.equal((await noticesOf(db(), person.id)).length, 1);
  });

  it('goes on when the hub restarts in the middle: the rest is told, once', async () => {
    const early = await newApp();
    const late = await newApp(503);
    const next = await newApp();
    const browse = newBrowser();
    await early.app.enter(browse, person);
    await late.app.enter(browse, person);
    const colleague = await signOn.hire();
    await next.app.enter(newBrowser(), colleague);
    await signOn.setStatus(person, 'left');
    await notice(early.app, 'one is told', isTold);
    await notice(late.app, 'the other is down', ({ lastError }) => lastError !== null);
    const sso = signOn.hub.parts.find(({ name }) => name === 'sso')!;
    await sso.stop?.();
    // Nobody follows the log while this happens.
    await signOn.setStatus(colleague, 'left');
    late.receiver.answer = 200;
    await makeDue();
    assert.equal((await sessionsOf(db(), colleague.id))[0]!.endedAt, null);

    const { port, origin } = signOn.hub.context.config;
    const again = await createTestHub([createApps, createUnits, createStaff, createSso], {
      databaseUrl: signOn.hub.databaseUrl,
      config: { port, origin },
    });
    try {
      await notice(late.app, 'it is told by the new hub', isTold);
      await waitUntil('so is the app of who left meanwhile', () => next.receiver.taken.length > 0, within);
      assert.equal((await sessionsOf(db(), colleague.id))[0]!.endReason, 'left');
      assert.deepEqual(
        [early, late, next].map(({ receiver }) => receiver.taken.length),
        [1, 1, 1],
      );
    } finally {
      await again.stop();
    }
  });
});
